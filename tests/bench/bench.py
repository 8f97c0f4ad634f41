#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""bench.py OQFS DIR [TASK...] - measure the mount beside the alternatives.

Each task is run in several ways: on the mount, on a plain file of the same
bytes, and by other tools.  The ways take turns, five times (ROUNDS), so that
a noisy machine is noisy for all of them; the medians are printed, and each as
a ratio to the task's yardstick (marked 1.00).  A way that is 'first' gets a
fresh mount each time; 'again' reads what the kernel has already.

The tasks called far-... are on a source on which each read takes 5 or 20 ms
(tests/make/far), and say how many reads that were, and how many of them had
to wait for the one before.
"""
import os
import re
import shlex
import statistics
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import data                                             # noqa: E402
import tables                                           # noqa: E402

ROUNDS = int(os.environ.get('ROUNDS', 5))
OQFS, DIR = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
MNT = f'{DIR}/mnt'
BARE = os.environ.get('BARE', '')
ZEROS = os.environ.get('ZEROS', '')
FAR = os.environ.get('FAR', '')
FARMNT = f'{DIR}/far'
PY = '/usr/bin/python3'


class Mount:
    """One mount, in the foreground, with the memory of it and its readers."""
    peak_front = peak_reader = 0

    def __init__(self, source, *options):
        os.makedirs(MNT, exist_ok=True)
        self.p = subprocess.Popen([OQFS, '-f', source, MNT, *options],
                                  stderr=subprocess.DEVNULL)
        for _ in range(500):
            if os.path.ismount(MNT):
                break
            time.sleep(0.01)
        else:
            sys.exit('the mount does not come up')

    def note_memory(self):
        Mount.peak_front = max(Mount.peak_front, peak(self.p.pid))
        for pid in descendants(self.p.pid):
            if word(pid, 'comm') == 'oqfs-reader':
                Mount.peak_reader = max(Mount.peak_reader, peak(pid))

    def close(self):
        self.note_memory()
        subprocess.run(['fusermount3', '-u', '-z', MNT], check=True)
        self.p.wait()


class Far:
    """The source 'farsrc' as if it were far away, and its reads counted."""

    def __init__(self, ms):
        os.makedirs(FARMNT, exist_ok=True)
        self.counts = f'{DIR}/far.counts'
        self.p = subprocess.Popen([FAR, f'{DIR}/farsrc', FARMNT, str(ms),
                                   self.counts])
        for _ in range(500):
            if os.path.ismount(FARMNT):
                break
            time.sleep(0.01)
        else:
            sys.exit('the far source does not come up')

    def counted(self):
        """How many reads, and how many one after the other."""
        with open(self.counts) as f:
            words = f.read().split() or '0000'
        return int(words[0]), int(words[3])

    def close(self):
        subprocess.run(['fusermount3', '-u', '-z', FARMNT], check=True)
        self.p.wait()


def from_far(ms, run):
    """Run on the far source, and note how many reads that took."""
    def timed():
        f = Far(ms)
        t = run()
        n = f.counted()
        f.close()
        timed.text = f'{n[0]:5} reads, {n[1]} trips   {run.text}'
        return t
    timed.text = run.text
    return timed


def h5py_far(code):
    """In one process that has done its imports."""
    code = ('import h5py,time\nt=time.perf_counter()\n'
            f'f=h5py.File("{FARMNT}/calc_1.hdf5","r"); {code}\n'
            'print(time.perf_counter()-t)')
    return says(PY, '-c', code, text='h5py')


def far(ms, command, code, h5ls=False):
    """A command below the mounted calculation, and the same in h5py."""
    def ways():
        w = {'mount, first': from_far(ms, first(
                 sh(f'cd {MNT}/calc_1 && {command}'), 'far')),
             'h5py': from_far(ms, h5py_far(code))}
        if h5ls and have('h5ls'):
            w['h5ls -r'] = from_far(ms, plain(
                sh(f'h5ls -r {FARMNT}/calc_1.hdf5')))
        return 'h5py', w
    return ways


def far_tasks(ms):
    g = 'f["gmf_data"]'
    return {
        f'far-ls-{ms}ms': far(ms, 'ls -R', 'f.visititems(lambda n, o: None)',
                              h5ls=True),
        f'far-csv-head-{ms}ms': far(
            ms, 'head -c 1000 gmf_data.csv',
            f'[{g}[c][:40] for c in {g}]'),
        f'far-column-{ms}ms': far(ms, 'cat gmf_data/gmv_0.bin',
                                  f'{g}["gmv_0"][...]'),
        f'far-slice-{ms}ms': far(
            ms, "cat 'gmf_data/gmv_0[700000:700100].npy'",
            f'{g}["gmv_0"][700000:700100]'),
    }


def word(pid, name):
    try:
        with open(f'/proc/{pid}/{name}') as f:
            return f.read().strip()
    except OSError:
        return ''


def descendants(pid):
    found = []
    for task in os.listdir(f'/proc/{pid}/task'):
        for child in word(pid, f'task/{task}/children').split():
            found += [child] + descendants(child)
    return found


def peak(pid):
    try:
        with open(f'/proc/{pid}/status') as f:
            for line in f:
                if line.startswith('VmHWM'):
                    return int(line.split()[1])
    except OSError:
        pass
    return 0


def sh(command):
    def run():
        subprocess.run(command, shell=True, check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    run.text = command
    return run


def py(code):
    return sh(f'{PY} -c {shlex.quote(code)}')


def says(*command, text=None):
    """A command that prints how many seconds it took, which its start is no
    part of."""
    def run():
        return float(subprocess.run(command, check=True, capture_output=True,
                                    text=True).stdout)
    run.text = text or shlex.join(command)
    return run


def took(run):
    t = time.perf_counter()
    said = run()
    return time.perf_counter() - t if said is None else said


def first(run, source='src', *options):
    """On a fresh mount."""
    def timed():
        m = Mount(f'{DIR}/{source}', *options)
        t = took(run)
        m.close()
        return t
    timed.text = run.text
    return timed


def again(run, source='src', *options):
    """The second time on one mount."""
    def timed():
        m = Mount(f'{DIR}/{source}', *options)
        run()
        t = took(run)
        m.close()
        return t
    timed.text = run.text
    return timed


def plain(run):
    def timed():
        return took(run)
    timed.text = run.text
    return timed


def zeros(nbytes, ahead_kb=1024):
    """As many bytes from a file system that answers them out of memory: what
    of the mount's time is the kernel's and libfuse's."""
    def timed():
        os.makedirs(MNT, exist_ok=True)
        p = subprocess.Popen([ZEROS, MNT, str(nbytes)])
        for _ in range(500):
            if os.path.ismount(MNT):
                break
            time.sleep(0.01)
        dev = os.stat(MNT).st_dev
        try:
            with open(f'/sys/class/bdi/{os.major(dev)}:{os.minor(dev)}/'
                      'read_ahead_kb', 'w') as f:
                f.write(str(ahead_kb))
        except OSError:
            pass
        t = time.perf_counter()
        subprocess.run(f'cat {MNT}/zeros >/dev/null', shell=True, check=True)
        t = time.perf_counter() - t
        subprocess.run(['fusermount3', '-u', '-z', MNT], check=True)
        p.wait()
        return t
    timed.text = f'{nbytes} zeros through FUSE'
    return timed


def chunk_list(path, name, elem):
    """What `bare` is to decode."""
    import h5py
    out = f'{DIR}/{os.path.basename(path)}-{name}.list'
    with h5py.File(path, 'r') as f, open(out, 'w') as o:
        d = f[name]
        size = d.dtype.itemsize
        for n in d.chunks:
            size *= n
        for i in range(d.id.get_num_chunks()):
            c = d.id.get_chunk_info(i)
            print(c.byte_offset, c.size, size, elem, file=o)
    return out


def bare(path, name, elem=0, nthreads=2):
    return sh(f'{BARE} {path} {nthreads} < {chunk_list(path, name, elem)}')


def h5py_whole(path, name):
    """In one process that has done its imports: only the reading counts."""
    code = ('import h5py,time\n'
            f'd=h5py.File({path!r},"r")[{name!r}]\n'
            't=time.perf_counter(); d[...]\n'
            'print(time.perf_counter()-t)')
    return says(PY, '-c', code, text='h5py: d[...]')


def random_reads(path, plain_path, seconds=1.0):
    """4 KiB reads at random places: seconds for a thousand of them."""
    code = ('import os,random,time\n'
            f'fd=os.open({path!r},os.O_RDONLY); n=os.fstat(fd).st_size\n'
            'random.seed(1); k=0; t=time.perf_counter()\n'
            f'while time.perf_counter()-t<{seconds}:\n'
            ' os.pread(fd,4096,random.randrange(n-4096)); k+=1\n'
            'print(1000*(time.perf_counter()-t)/k)')
    return says(PY, '-c', code, text='1000 random 4 KiB reads of '
                f'{os.path.basename(plain_path)}')


def h5py_random(path, name, seconds=1.0):
    code = ('import h5py,random,time\n'
            f'd=h5py.File({path!r},"r")[{name!r}]; a,b,c=d.shape\n'
            'random.seed(1); k=0; t=time.perf_counter()\n'
            f'while time.perf_counter()-t<{seconds}:\n'
            ' i=random.randrange(b-1)\n'
            ' d[random.randrange(a),i:i+2,:]; k+=1\n'
            'print(1000*(time.perf_counter()-t)/k)')
    return says(PY, '-c', code,
                text='h5py: d[i, j:j+2, :] (4 KiB), 1000 times')


def in_mount(timed, source='src'):
    def run():
        m = Mount(f'{DIR}/{source}')
        t = timed()
        m.close()
        return t
    run.text = timed.text
    return run


S, P = f'{DIR}/src', f'{DIR}/plain'


def cat(name, plain_name, h5=None, elem=None, yard='plain'):
    """Ways to read all of a dataset."""
    def ways():
        cat_plain = sh(f'cat {P}/{plain_name} >/dev/null')
        cat_mount = sh(f'cat {MNT}/{name}.bin >/dev/null')
        w = {'plain': plain(cat_plain), 'mount, first': first(cat_mount),
             'mount, again': again(cat_mount)}
        store, dset = name.split('/', 1)
        if h5:
            w['h5py'] = h5py_whole(f'{S}/{store}', dset)
        if h5 and have('h5dump'):
            w['h5dump -b'] = plain(sh(f'h5dump -d "/{dset}" -b FILE '
                                      f'-o {DIR}/dumped {S}/{store}'))
        if ZEROS:
            w['zeros, first'] = zeros(os.path.getsize(f'{P}/{plain_name}'))
        if elem is not None and BARE:
            w['two bare threads'] = plain(bare(f'{S}/{store}', dset, elem))
        return yard, w
    return ways


def processors():
    """1, 2, 4 ... of those that there are."""
    n = len(os.sched_getaffinity(0))
    return sorted({n} | {1 << i for i in range(n.bit_length())
                         if 1 << i <= n})


def on(n, run):
    """With so many processors, for the mount as for who reads."""
    def timed():
        had = os.sched_getaffinity(0)
        os.sched_setaffinity(0, set(sorted(had)[:n]))
        try:
            return run()
        finally:
            os.sched_setaffinity(0, had)
    timed.text = run.text
    return timed


def cores(command, source='src', floor=None):
    """A command on a fresh mount with 1, 2, ... processors, and what bare
    threads take with as many."""
    def ways():
        run = first(sh(command.replace('MNT', MNT)), source)
        w = {f'{n} of processors': on(n, run) for n in processors()}
        if floor and BARE:
            store, dset, elem = floor
            w |= {f'{n} of bare threads':
                  on(n, plain(bare(f'{S}/{store}', dset, elem, n)))
                  for n in processors()}
        return lambda way: way.replace(way.split()[0], '1'), w
    return ways


def scale(where, listed, first_byte, more=None):
    """Of what is many or huge, and of a tenth of it: the mount with a listing
    beside, and the first byte of something.  A ratio of 10 is linear."""
    def ways():
        w = {}
        for size, said in ('tenth', ', a tenth'), ('all', ''):
            at = f'scale/{size}/{where}'
            for name, command in {
                    'ls': f'ls -U {MNT}/{listed}',
                    'ls -l': f'ls -lU {MNT}/{listed}',
                    'first byte': f'head -c 1 {MNT}/{first_byte}',
                    **(more or {})}.items():
                w[name + said] = first(sh(command.replace('MNT', MNT)), at)
        return lambda way: way.split(', ')[0] + ', a tenth', w
    return ways


def passed_through():
    copy = sh(f'cat {MNT}/big.txt >/dev/null')
    w = {'plain': plain(sh(f'cat {DIR}/pass/big.txt >/dev/null')),
         'mount, first': first(copy, 'pass'),
         'mount, again': again(copy, 'pass')}
    if ZEROS:
        w['zeros, first'] = zeros(os.path.getsize(f'{DIR}/pass/big.txt'))
    return 'plain', w


def random_4k():
    return 'h5py', {
        'h5py': h5py_random(f'{S}/chunked.hdf5', 'gzip'),
        'mount': in_mount(random_reads(f'{MNT}/chunked.hdf5/gzip.bin',
                                       'gzip.bin')),
    }


def tail_sparse():
    tail = sh(f'tail -c 1024 {MNT}/sparse.hdf5/x.bin')
    npy = sh(f'tail -c 1024 {MNT}/sparse.hdf5/x.npy')
    return 'plain', {
        'plain': plain(sh(f'tail -c 1024 {P}/chunked.bin')),
        'mount, first': first(tail), 'mount, again': again(tail),
        'mount, npy': first(npy)}


FRAME = 'import pandas; pandas.DataFrame(d)'
LONG = """import pandas; pandas.DataFrame({"value":d.ravel()},
pandas.MultiIndex.from_product([range(d.shape[0]),["mean","quantile-0.5"],
["PGA","SA(0.1)","SA(1.0)","SA(2.0)"],range(d.shape[3])],
names=["site_id","stat","imt","lvl"])).reset_index()"""


def csv(store, name, frame=FRAME, **codes):
    """A dataset as text: 'frame' makes a DataFrame of 'd', 'codes' are other
    ways to write it."""
    def ways():
        cat = sh(f'cat {MNT}/{store}/{name}.csv >/dev/null')
        load = f'import h5py,numpy as np; d=h5py.File("{S}/{store}","r")' \
               f'["{name}"][...]; '
        to_csv = py(f'{load}{frame}.to_csv("/dev/null",index=False)')
        w = {'mount, first': first(cat), 'mount, again': again(cat),
             'pandas to_csv': plain(to_csv)}
        for way, code in codes.items():
            w[way] = plain(py(load + code))
        if have('h5dump'):
            w['h5dump'] = plain(sh(f'h5dump -d "/{name}" {S}/{store}'))
        if have('h5totxt') and name == 'x':
            w['h5totxt, lossy'] = plain(sh(f'h5totxt {S}/{store}:{name}'))
        return 'pandas to_csv', w
    return ways


def have(tool):
    return any(os.access(f'{d}/{tool}', os.X_OK)
               for d in os.environ['PATH'].split(':'))


def ls_many():
    ls = sh(f'ls -l {MNT}/many.hdf5')
    bare_ls = sh(f'ls {MNT}/many.hdf5')
    npy = sh(f'ls -l {MNT}/many.hdf5/*0.npy')
    return 'plain ls -l', {
        'plain ls -l': plain(sh(f'ls -l {P}/many')),
        'mount ls -l, first': first(ls), 'mount ls -l, again': again(ls),
        'mount ls, first': first(bare_ls), 'mount ls, again': again(bare_ls),
        'mount ls -l *0.npy, first': first(npy),
        **({'h5ls': plain(sh(f'h5ls {S}/many.hdf5'))} if have('h5ls') else {})}


def ls_compounds():
    """5,000, each with three attributes: the size of a Parquet file is part of
    the listing, and has them in it."""
    bare_ls = sh(f'ls {MNT}/small.hdf5')
    ls = sh(f'ls -l {MNT}/small.hdf5')
    return 'ls, first', {
        'ls, first': first(bare_ls), 'ls, again': again(bare_ls),
        'ls -l, first': first(ls), 'ls -l, again': again(ls)}


def ls_shared():
    """The kernel asks for the access list of each file, and keeps it; by
    somebody else also for that of the root, on each path."""
    ls = f'ls -l {MNT}/many.hdf5'
    nobody = 'setpriv --reuid=65534 --regid=65534 --clear-groups '
    shared = 'src', '-o', 'allow_other'
    ways = {'own, first': first(sh(ls)),
            'shared, first': first(sh(ls), *shared),
            'shared, again': again(sh(ls), *shared)}
    if os.geteuid() == 0:
        ways['shared, another, first'] = first(sh(nobody + ls), *shared)
        ways['shared, another, again'] = again(sh(nobody + ls), *shared)
    return 'own, first', ways


def attribute_lists():
    """As `ls -l` of coreutils 9.10 and later asks.  What the front knows
    nothing of is answered at once: that is the floor."""
    def each(d, call):
        return py('import os\n'
                  f'for e in os.scandir({d!r}):\n'
                  f' try: os.{call}\n'
                  ' except OSError: pass')

    lists = 'listxattr(e.path)'
    ways = {'plain': plain(each(f'{P}/many', lists)),
            'floor': first(each(f'{MNT}/many.hdf5',
                                'getxattr(e.path, "security.x")')),
            'lists, first': first(each(f'{MNT}/many.hdf5', lists)),
            'a name that is nowhere': first(
                each(f'{MNT}/many.hdf5', 'getxattr(e.path, "user.x")')),
            'groups, first': first(each(f'{MNT}/groups.hdf5', lists))}
    return 'floor', ways


def ls_groups():
    ways = {'plain ls': plain(sh(f'ls {P}/groups'))}
    for name in 'groups', 'beams':
        ls = sh(f'ls {MNT}/{name}.hdf5')
        ways[f'mount {name}, first'] = first(ls)
        ways[f'mount {name}, again'] = again(ls)
    return 'plain ls', ways


def find_stores():
    find = sh(f'find {MNT} -name "*.csv"')
    ways = {'mount, first': first(find, 'stores'),
            'mount, again': again(find, 'stores')}
    if have('h5ls'):
        ways['h5ls -r loop'] = plain(
            sh(f'for f in {DIR}/stores/*.hdf5; do h5ls -r $f; done'))
    return ('h5ls -r loop' if have('h5ls') else 'mount, first'), ways


GMF = """g=f["gmf_data"]
d=pd.DataFrame({c:g[c][:] for c in g.attrs["__pdcolumns__"].split()})
d=d.sort_values(["eid","sid"])"""
LOSSES = """a=f["assetcol/array"][:]; d=pd.DataFrame({"asset_id":a["id"].astype(str)})
for t in sorted(f["assetcol"].attrs["tagnames"]):
    d[t]=f["assetcol/tagcol/"+t].asstr()[:][a[t]]
for x in "lon","lat": d[x]=np.char.mod("%.5f",a[x])
for x in sorted(f["avg_losses-stats"]): d[x]=f["avg_losses-stats/"+x][:,0]"""


def export(calc, name, frame):
    """A file of the engine's export, and pandas writing its rows: 'frame' makes 'd' of 'f'."""
    def ways():
        path = f'{MNT}/calc_{calc}/export/{name}_{calc}'
        cat = sh(f'cat {path}.csv >/dev/null')
        head = sh(f'head -c 1000 {path}.csv')
        code = f'import h5py,numpy as np,pandas as pd\nf=h5py.File("{DIR}/exports/' \
               f'calc_{calc}.hdf5","r")\n{frame}\nd.to_csv("/dev/null",index=False,' \
               'float_format="%.5E",lineterminator="\\r\\n")'
        return 'pandas', {
            'mount, first': first(cat, 'exports'), 'mount, again': again(cat, 'exports'),
            'mount, its first rows': first(head, 'exports'),
            'mount, parquet': first(sh(f'cat {path}.parquet >/dev/null'), 'exports'),
            'pandas': plain(py(code))}
    return ways


TASKS = {
    'contiguous': cat('contiguous.hdf5/x', 'contiguous.bin', h5=True),
    'gzip': cat('chunked.hdf5/gzip', 'chunked.bin', h5=True, elem=0,
                yard='two bare threads' if BARE else 'plain'),
    'gzip+shuffle': cat('chunked.hdf5/shuffle', 'chunked.bin', h5=True,
                        elem=4, yard='two bare threads' if BARE else 'plain'),
    'shuffle+fletcher32': cat('chunked.hdf5/fletcher', 'chunked.bin', h5=True),
    'pass-through': passed_through,
    'random-4k': random_4k,
    'column': cat('columns.hdf5/plain', 'columns.bin', h5=True),
    'column-gzip': cat('columns.hdf5/gzip', 'columns.bin', h5=True,
                       yard='h5py'),
    'szip': cat('chunked.hdf5/szip', 'chunked.bin', h5=True),
    'across': cat('across.hdf5/x', 'across.bin', h5=True, yard='h5py'),
    'tail': tail_sparse,
    'csv': csv('table.hdf5', 'x',
               savetxt='np.savetxt("/dev/null",d,delimiter=",")'),
    'csv-compound': csv('compounds.hdf5', 'wide'),
    'csv-strings': csv('compounds.hdf5', 'words',
                       'd=d.astype(str); import pandas; pandas.DataFrame(d)'),
    'csv-long': csv('labels.hdf5', 'hcurves-stats', LONG),
    'export-gmf-data': export(1, 'gmf-data', GMF),
    'export-avg_losses': export(2, 'avg_losses-mean', LOSSES),
    'ls': ls_many,
    'ls-groups': ls_groups,
    'ls-compounds': ls_compounds,
    'ls-shared': ls_shared,
    'attribute-lists': attribute_lists,
    'find': find_stores,
    'compound': cat('compounds.hdf5/wide', 'compounds.bin', h5=True),
    'cores-contiguous': cores('cat MNT/contiguous.hdf5/x.bin'),
    'cores-gzip': cores('cat MNT/chunked.hdf5/gzip.bin',
                        floor=('chunked.hdf5', 'gzip', 0)),
    'cores-csv': cores('cat MNT/table.hdf5/x.csv'),
    'cores-four': cores('for d in gzip shuffle fletcher; do '
                        'cat MNT/chunked.hdf5/$d.bin & done; '
                        'cat MNT/contiguous.hdf5/x.bin; wait'),
    'cores-find': cores('find MNT -name "*.csv"', 'stores'),
    'scale-frame': scale('frame.hdf5', 'gmf_data',
                         'gmf_data.csv/000000000000-*',
                         {'ls of the parts': 'ls -U MNT/gmf_data.csv',
                          'stat of parquet': 'stat MNT/gmf_data.parquet',
                          'last byte of npy': 'tail -c 1 MNT/gmf_data.npy'}),
    'scale-chunks': scale('chunks.hdf5', '', 'x.bin',
                          {'last byte': 'tail -c 1 MNT/x.bin',
                           'all': 'cat MNT/x.bin'}),
    'scale-links': scale('links.hdf5', 'links', 'links/link_0050000.bin'),
    'scale-calcs': scale('calcs', '', 'calc_500/x.bin'),
    'scale-users': scale("users/*/oqdata", '', 'user_025/calc_1/x.bin',
                         {'find': 'find MNT -name "*.bin"'}),
}

TASKS.update(tables.tasks(sys.modules[__name__]))
if FAR:
    TASKS.update(far_tasks(5) | far_tasks(20))


def run_task(name):
    """Print of each way the time, its ratio to that of the yardstick, and the
    peak memory of the front and of its largest reader."""
    yard, ways = TASKS[name]()
    times = {way: [] for way in ways}
    memory = {way: (0, 0) for way in ways}
    for _ in range(ROUNDS):
        for way, timed in ways.items():
            Mount.peak_front = Mount.peak_reader = 0
            times[way].append(timed())
            memory[way] = max(memory[way], (Mount.peak_front,
                                            Mount.peak_reader))
    medians = {way: statistics.median(t) for way, t in times.items()}
    for way, t in medians.items():
        text = ' '.join(ways[way].text.replace(DIR, '$DIR').split())
        beside = medians[yard(way) if callable(yard) else yard]
        mib = '{:4} + {:4} MiB'.format(*(n >> 10 for n in memory[way])) \
            if any(memory[way]) else ''
        print(f'{name:20} {way:24} {t * 1000:9.1f} ms {t / beside:8.2f} '
              f'{mib:15}  {text}', flush=True)


def output(*argv):
    try:
        return subprocess.run(argv, capture_output=True, text=True,
                              check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return 'unknown'


def machine():
    """What the numbers are of."""
    import h5py
    cpu = re.search(r'model name\s*: (.*)', open('/proc/cpuinfo').read())
    kb = re.search(r'MemTotal:\s*(\d+)', open('/proc/meminfo').read())
    print(f'{len(os.sched_getaffinity(0))} processors'
          f' ({cpu[1] if cpu else os.uname().machine}), {int(kb[1]) >> 20} GiB')
    print(f'Linux {os.uname().release}, {output(OQFS, "--version")}, h5py '
          f'{h5py.__version__} (HDF5 {h5py.version.hdf5_version}); data on '
          f'{output("stat", "-f", "-c", "%T", DIR)}', flush=True)


def main():
    os.makedirs(DIR, exist_ok=True)
    for at in MNT, FARMNT:
        if os.path.ismount(at):
            subprocess.run(['fusermount3', '-u', '-z', at])
    data.make(DIR)
    machine()
    for name in sys.argv[3:] or TASKS:
        run_task(name)


main()
