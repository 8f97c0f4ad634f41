#!/usr/bin/perl
# SPDX-License-Identifier: MIT
# layers.t - includes go only downward, none in a circle, and system interfaces
# stay at home
use strict;
use warnings;
use File::Basename;
use Test::More;

my (%rank, $n);
open my $fh, '<', 'tests/rules/layers.txt' or die "layers.txt: $!";
while (<$fh>) {
	next if /^#|^\s*$/;
	$n++;
	$rank{$_} = $n for split;
}

my %home = (	# header => the only files that may include it
	'lib/hdf5/h5int.h'     => qr{^lib/hdf5/},
	'lib/reader/reader.h'  => qr{^(lib/reader/|fs/main\.c$)},
	'lib/reader/zygote.h' => qr{^(lib/reader/|fs/main\.c$)},
	'hdf5.h'               => qr{^lib/hdf5/h5int\.h$},
	'H5FDdevelop.h'        => qr{^lib/hdf5/h5int\.h$},
	'fuse_lowlevel.h'      => qr{^fs/(fuse/|mount\.c$)},
	'fuse.h'               => qr{^$},
	'linux/landlock.h'     => qr{^lib/reader/sandbox\.c$},
	'seccomp.h'            => qr{^lib/reader/sandbox\.c$},
	'libdeflate.h'         => qr{^lib/codec/filter\.c$},
	'libaec.h'             => qr{^lib/codec/szip\.c$},
	'blosc.h'              => qr{^lib/codec/codecs\.c$},
	'bzlib.h'              => qr{^lib/codec/codecs\.c$},
	'lz4.h'                => qr{^lib/codec/codecs\.c$},
	'zstd.h'               => qr{^lib/codec/codecs\.c$},
	'zlib.h'               => qr{^lib/view/stored\.c$},
	'png.h'                => qr{^lib/file/pngfile\.c$},
	'json-c/json.h'        => qr{^lib/(text/json\.c|engine/(calc\.c|calculation\.h|pytext\.h)|data/labels\.c)$},
);

# What the front may use of the library: it must not be able to read a
# datastore.  main.c alone starts the reader.
my $lent = qr{^lib/(base|ipc)/};

# A module is x.c with x.h.  A private header (xint.h, without a .c of its own)
# belongs to all the modules that share it, so it makes none of them need
# another.
sub module
{
	my $file = shift;
	return undef if $file =~ /int\.h$/ && !-e $file =~ s/h$/c/r;
	return $file =~ s/\.[cho]$//r;
}

# The first circle in a graph {from => {to => 1}}, as "a > b > a"; '' if none.
sub circle
{
	my $graph = shift;
	my (%done, $visit);
	$visit = sub {
		my ($at, @way) = @_;
		for my $i (0 .. $#way) {
			return join ' > ', @way[$i .. $#way], $at
				if $way[$i] eq $at;
		}
		return '' if $done{$at}++;
		for my $to (sort keys %{$graph->{$at} // {}}) {
			my $found = $visit->($to, @way, $at);
			return $found if $found;
		}
		return '';
	};
	for my $from (sort keys %$graph) {
		my $found = $visit->($from);
		return $found if $found;
	}
	return '';
}

is(circle({a => {b => 1, c => 1}, b => {c => 1}}), '', 'a graph has no circle');
is(circle({a => {b => 1}, b => {c => 1}, c => {b => 1}}), 'b > c > b',
	'a circle is found');

# A folder with more modules than this has two ideas in it.
my $MOST = 20;
my %modules;
my %needs;	# folder => module => the modules of it that it includes

for my $file (sort glob '{lib,fs}/*.[ch] {lib,fs}/*/*.[ch]') {
	my $dir = dirname($file);
	my @bad;
	$modules{$dir}{$file =~ s/\.[ch]$//r} = 1;
	push @bad, "$dir is not in layers.txt" unless $rank{$dir};
	open my $src, '<', $file or die "$file: $!";
	while (<$src>) {
		next unless /^\s*#\s*include\s*([<"])([^>"]+)/;
		my ($q, $inc) = ($1, $2);
		push @bad, "line $.: $inc does not belong here"
			if $home{$inc} && $file !~ $home{$inc};
		push @bad, "line $.: the front may not use $inc"
			if $dir =~ /^fs/ && $inc =~ m{^lib/} &&
			   $inc !~ $lent && !$home{$inc};
		next if $q eq '<';
		push @bad, "line $.: $inc does not exist" unless -e $inc;
		push @bad, "line $.: $inc is in a higher layer"
			if ($rank{dirname($inc)} // 1e9) > ($rank{$dir} // 0);
		my ($from, $to) = (module($file), module($inc));
		$needs{$dir}{$from}{$to} = 1
			if dirname($inc) eq $dir && $from && $to &&
			   $from ne $to;
	}
	ok(!@bad, $file) or diag(join "\n", @bad);
}

is(circle($needs{$_}), '', "no includes go in a circle in $_")
	for sort keys %needs;

my @gone = grep { !-d } sort keys %rank;
is("@gone", '', 'every folder of layers.txt is there');
my @full = grep { keys %{$modules{$_}} > $MOST } sort keys %modules;
is("@full", '', "no folder has more than $MOST modules");

# The symbols.  Sanitizers add their own: look at the plain build.
my $B = $ENV{B} // 'build';
my ($lib, $fs) = ("$B/liboqfs.a", "$B/libfs.a");

sub symbols
{
	my ($pattern, @args) = @_;
	open my $nm, '-|', 'nm', '-A', @args or die "nm: $!";
	my @found = grep { /$pattern/ } map { s/\s+$//r } <$nm>;
	close $nm or die 'nm failed';
	return "@found";
}

# Whose object uses whose symbols, among the modules of each folder.
sub uses
{
	my (%home, %wants, %graph);
	my @objects = grep { -e s{^\Q$B\E/(.*)o$}{$1c}r }
		glob "$B/{lib,fs}/*.o $B/{lib,fs}/*/*.o";
	open my $nm, '-|', 'nm', '-A', '-g', @objects or die "nm: $!";
	while (<$nm>) {
		/^\Q$B\E\/([^:]+)\.o:[0-9a-f ]+ (\w) (\w+)$/ or next;
		$2 eq 'U' ? $wants{$1}{$3} = 1 : ($home{$3} = $1);
	}
	close $nm or die 'nm failed';
	for my $from (keys %wants) {
		for (grep { $_ } map { $home{$_} } keys %{$wants{$from}}) {
			$graph{dirname($from)}{$from}{$_} = 1
				if dirname($_) eq dirname($from);
		}
	}
	return \%graph;
}

SKIP: {
	skip "no $lib and $fs, or with sanitizers", 5
		if !-e $lib || !-e $fs || $B =~ /san-|fuzz/;
	is(symbols(qr/ [TDBR] (?!oq_)/, '-g', $lib), '',
		'every global symbol of lib/ starts with oq_');
	is(symbols(qr/ [TDBR] (?!oqfs_)/, '-g', $fs), '',
		'every global symbol of fs/ starts with oqfs_');
	is(symbols(qr/ U H5/, '-u', $fs), '',
		'the front does not call libhdf5');
	is(symbols(qr/ U fuse_/, '-u', $lib), '',
		'the library does not call libfuse');
	my $uses = uses();
	is(join('; ', grep { $_ } map { circle($uses->{$_}) } sort keys %$uses),
		'', 'no modules of a folder call each other in a circle');
}

done_testing;
