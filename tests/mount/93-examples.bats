#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# 93-examples.bats - files of other programs than the engine, as their users
# would look at them: h5py, netCDF-4, PyTables, MATLAB 7.3

bats_require_minimum_version 1.5.0
load mount

setup_file() {
	export DATA="$BATS_FILE_TMPDIR/data" LC_ALL=C.UTF-8
	mkdir "$DATA"
	/usr/bin/python3 -c 'import h5py' 2>/dev/null && make_files
	from_corpus netcdf-4.9.0/dap4_test/nctestfiles/test_unlim1.nc
	from_corpus matio/share/test_le_hdf5.mat
	from_corpus pytables-3.7.0/tables/tests/itemsize.h5
	mount_dir "$DATA"
}

teardown_file() {
	unmount
}

from_corpus() {
	cp "${CORPUS:-none}/files/$1" "$DATA" 2>/dev/null || true
}

# The weather stations of "Python and HDF5", and files as netCDF-4's library,
# PyTables and MATLAB lay them out.
make_files() {
	/usr/bin/python3 - "$DATA" <<'END'
import sys, h5py, numpy as np
d = sys.argv[1] + '/'

with h5py.File(d + 'weather.hdf5', 'w') as f:
    t = f.create_dataset('15/temperature', data=np.linspace(20, 21, 1024))
    t.attrs['dt'] = 10.0
    t.attrs['start_time'] = 1375204299
    w = f.create_dataset('15/wind', data=np.linspace(3, 4, 2048))
    w.attrs['dt'] = 5.0
    f.create_dataset('20/temperature', data=np.arange(4, dtype='f4') / 10)
    f['20'].attrs['name'] = 'Königsstuhl'

def scale(f, name, values, unit, dimid):
    s = f.create_dataset(name, data=values)
    s.make_scale(name)
    s.attrs['units'] = np.bytes_(unit)
    s.attrs['_Netcdf4Dimid'] = np.int32(dimid)
    return s

with h5py.File(d + 'climate.nc', 'w') as f:
    f.attrs['Conventions'] = np.bytes_('CF-1.8')
    scales = [scale(f, 'time', np.array([0., 31.]), 'days since 2000-01-01', 0),
              scale(f, 'lat', np.array([-45, 45], 'f4'), 'degrees_north', 1),
              scale(f, 'lon', np.array([0, 120, 240], 'f4'), 'degrees_east', 2)]
    x = f.create_dataset('tas', data=np.arange(12, dtype='f4').reshape(2, 2, 3),
                         chunks=(1, 2, 3), compression='gzip', shuffle=True)
    for i, s in enumerate(scales):
        x.dims[i].attach_scale(s)

with h5py.File(d + 'particles.h5', 'w') as f:
    f.attrs.update(CLASS=np.bytes_('GROUP'), TITLE=np.bytes_('Test file'),
                   PYTABLES_FORMAT_VERSION=np.bytes_('2.1'))
    rows = np.zeros(3, [('idnumber', 'i8'), ('name', 'S16'),
                        ('pressure', 'f4', (2,)), ('grid', [('i', 'i4')])])
    rows['idnumber'] = [0, 1 << 34, 2 << 34]
    rows['name'] = [b'Particle: 0', b'Particle, 1', b'']
    rows['pressure'] = [[0, 0.5], [1, 1.5], [4, 4.5]]
    t = f.create_dataset('detector/readout', data=rows, maxshape=(None,),
                         chunks=(2,))
    t.attrs['CLASS'] = np.bytes_('TABLE')
    t.attrs['FIELD_0_NAME'] = np.bytes_('idnumber')
    a = f.create_dataset('columns/flags', data=np.array([1, 0, 1], 'u1'))
    a.attrs['CLASS'] = np.bytes_('ARRAY')

def variable(group, name, values, kind):
    v = group.create_dataset(name, data=values)
    v.attrs['MATLAB_class'] = np.bytes_(kind)
    return v

# d = [1 2 3; 4 5 6]; word = 'hi'; s.x = 0.5; cells = {7, 'a'}
with h5py.File(d + 'results.mat', 'w', userblock_size=512) as f:
    variable(f, 'd', np.array([[1., 4.], [2., 5.], [3., 6.]]), 'double')
    variable(f, 'word', np.array([[104], [105]], 'u2'), 'char')
    s = f.create_group('s')
    s.attrs['MATLAB_class'] = np.bytes_('struct')
    variable(s, 'x', np.array([[0.5]]), 'double')
    refs = f.create_group('#refs#')
    a = variable(refs, 'a', np.array([[7.]]), 'double')
    b = variable(refs, 'b', np.array([[97]], 'u2'), 'char')
    cells = f.create_dataset('cells', (2, 1), h5py.ref_dtype)
    cells[0, 0], cells[1, 0] = a.ref, b.ref
    cells.attrs['MATLAB_class'] = np.bytes_('cell')
with open(d + 'results.mat', 'r+b') as f:
    f.write(b'MATLAB 7.3 MAT-file'.ljust(124) + b'\x00\x02IM')
END
}

needs() {
	[ -e "$DATA/$1" ] || skip "no $1"
	cd "$MNT/$1"
}

# as FILE <<END: it holds just this
as() {
	diff - "$1"
}

attr() {
	getfattr --only-values -n "user.$1" "$2"
}

@test "weather stations: the attributes dt and start_time" {
	command -v getfattr >/dev/null || skip "no getfattr"
	needs weather.hdf5
	[ "$(attr dt 15/temperature.csv)" = 10.0 ]
	[ "$(attr start_time 15/temperature.npy)" = 1375204299 ]
	[ "$(attr name 20)" = Königsstuhl ]
}

@test "weather stations: the mean from the 10th second on, by awk" {
	needs weather.hdf5
	as 20/temperature.csv <<-END
		temperature
		0.0
		0.1
		0.2
		0.3
	END
	[ "$(wc -l <15/temperature.csv)" -eq 1025 ]
	[ "$(sed 1d '15/temperature[1:].csv' |
		awk '{ s += $1 } END { printf "%.4f", s / NR }')" = 20.5005 ]
	[ "$(stat -c %s 15/wind.bin)" = 16384 ]
}

@test "netCDF-4: coordinates are the index columns" {
	needs climate.nc
	head -n 4 tas.csv >"$BATS_TEST_TMPDIR/head"
	as "$BATS_TEST_TMPDIR/head" <<-END
		time,lat,lon,value
		0.0,-45.0,0.0,0.0
		0.0,-45.0,120.0,1.0
		0.0,-45.0,240.0,2.0
	END
	as 'tas[1, :, 2].csv' <<-END
		lat,value
		-45.0,8.0
		45.0,11.0
	END
}

@test "netCDF-4: units and conventions are attributes" {
	command -v getfattr >/dev/null || skip "no getfattr"
	needs climate.nc
	[ "$(attr units time.csv)" = "days since 2000-01-01" ]
	[ "$(attr Conventions .)" = CF-1.8 ]
	[ "$(attr oqfs.shape tas.npy)" = "[2,2,3]" ]
}

@test "netCDF-4: a file that its library wrote" {
	needs test_unlim1.nc
	head -n 1 pr.csv | grep -qx time,lat,lon,value
	[ "$(sed 1d pr.csv | wc -l)" -eq "$(($(stat -c %s pr.bin) / 4))" ]
}

@test "PyTables: a table has a column a member, arrays in several" {
	needs particles.h5
	as detector/readout.csv <<-END
		idnumber,name,pressure[0],pressure[1],grid.i
		0,Particle: 0,0.0,0.5,0
		17179869184,"Particle, 1",1.0,1.5,0
		34359738368,,4.0,4.5,0
	END
	as 'detector/readout[1:, name].csv' <<-END
		name
		"Particle, 1"
		""
	END
	[ "$(wc -l <columns/flags.csv)" -eq 4 ]
}

@test "PyTables: pandas reads a table as PyTables' users expect it" {
	/usr/bin/python3 -c 'import pandas' 2>/dev/null || skip "no pandas"
	needs particles.h5
	run -0 /usr/bin/python3 -c '
import pandas, numpy
c = pandas.read_csv("detector/readout.csv")
n = numpy.load("detector/readout.npy", mmap_mode="r")
assert (c["idnumber"] == n["idnumber"]).all()
assert (c["pressure[1]"] == n["pressure"][:, 1]).all()
print(len(c), n.dtype.names[:2])'
	[ "$output" = "3 ('idnumber', 'name')" ]
}

@test "PyTables: a file that it wrote can be read whole" {
	needs itemsize.h5
	"$OQFS" --check "$DATA/itemsize.h5"
}

@test "MATLAB 7.3: a matrix, a structure and cells" {
	needs results.mat
	# MATLAB counts down the columns: a row here is a column there.
	as d.csv <<-END
		c0,c1
		1.0,4.0
		2.0,5.0
		3.0,6.0
	END
	as 'd[:, 0].csv' <<-END
		d
		1.0
		2.0
		3.0
	END
	[ "$(sed 1d s/x.csv)" = 0.5 ]
	# Cells are references: tables hold what they lead to.
	[ "$(sed 1d cells.csv | xargs)" = '7.0 a' ]
	[ "$(sed 1d 'cells[0, 0].csv')" = 7.0 ]
	[ "$(sed 1d '#refs#/a.csv')" = 7.0 ]
	[ "$(cat word.txt)" = hi ]
	command -v getfattr >/dev/null || skip "no getfattr"
	[ "$(attr MATLAB_class word.csv)" = char ]
}

@test "MATLAB 7.3: a file that it wrote" {
	needs test_le_hdf5.mat
	[ "$(stat -c %s d.bin)" -gt 0 ]
	head -n 1 d.csv | grep -q '^c0,c1'
	[ -d sp ]
	[ -e sp/data.csv ]
	[ -e sp/ir.csv ]
	sed 1d cells.csv | grep -q 'char array1'
	[ ! -e cells.bin ]
	"$OQFS" --check "$DATA/test_le_hdf5.mat"
}
