#!/usr/bin/perl
# SPDX-License-Identifier: MIT
# layers.t - includes go only downward, and system interfaces stay at home
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
	'png.h'                => qr{^lib/view/pngfile\.c$},
	'json-c/json.h'        => qr{^lib/(engine/(calc\.c|calculation\.h|pytext\.h)|data/labels\.c)$},
);

# What the front may use of the library: it must not be able to read a
# datastore.  main.c alone starts the reader.
my $lent = qr{^lib/(base|ipc)/};

# A folder with more modules than this has two ideas in it.
my $MOST = 20;
my %modules;

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
	}
	ok(!@bad, $file) or diag(join "\n", @bad);
}

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

SKIP: {
	skip "no $lib and $fs, or with sanitizers", 4
		if !-e $lib || !-e $fs || $B =~ /san-|fuzz/;
	is(symbols(qr/ [TDBR] (?!oq_)/, '-g', $lib), '',
		'every global symbol of lib/ starts with oq_');
	is(symbols(qr/ [TDBR] (?!oqfs_)/, '-g', $fs), '',
		'every global symbol of fs/ starts with oqfs_');
	is(symbols(qr/ U H5/, '-u', $fs), '',
		'the front does not call libhdf5');
	is(symbols(qr/ U fuse_/, '-u', $lib), '',
		'the library does not call libfuse');
}

done_testing;
