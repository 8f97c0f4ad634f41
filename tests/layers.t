#!/usr/bin/perl
# SPDX-License-Identifier: MIT
# layers.t - includes go only downward, and system interfaces stay at home
use strict;
use warnings;
use Test::More;

my (%rank, $n);
open my $fh, '<', 'tests/layers.txt' or die "tests/layers.txt: $!";
while (<$fh>) {
	next if /^#|^\s*$/;
	$n++;
	$rank{$_} = $n for split;
}

my %home = (	# header => the only files that may include it
	'lib/h5int.h'      => qr{^lib/h5\w*\.[ch]$},
	'lib/reader.h'     => qr{^(lib/(reader\w*|nursery)\.c|fs/main\.c)$},
	'lib/nursery.h'    => qr{^(lib/nursery\.c|fs/main\.c)$},
	'hdf5.h'           => qr{^lib/h5int\.h$},
	'H5FDdevelop.h'    => qr{^lib/h5int\.h$},
	'fuse_lowlevel.h'  => qr{^fs/(ops|mount|dir)\w*\.[ch]$},
	'fuse.h'           => qr{^$},
	'linux/landlock.h' => qr{^lib/sandbox\.c$},
	'seccomp.h'        => qr{^lib/sandbox\.c$},
	'libdeflate.h'     => qr{^lib/filter\.c$},
	'libaec.h'         => qr{^lib/szip\.c$},
	'blosc.h'          => qr{^lib/codecs\.c$},
	'bzlib.h'          => qr{^lib/codecs\.c$},
	'lz4.h'            => qr{^lib/codecs\.c$},
	'zstd.h'           => qr{^lib/codecs\.c$},
	'zlib.h'           => qr{^lib/stored\.c$},
	'png.h'            => qr{^lib/pngfile\.c$},
	'json-c/json.h'    => qr{^lib/(calc|labels)\.c$},
);

# What the front may use of the library: it must not be able to read a
# datastore.  main.c alone starts the reader.
my $lent = qr{^lib/(num|err|own|buf|quote|name|wire|shm)\.h$};

for my $file (sort glob '{lib,fs}/*.[ch]') {
	(my $mod = $file) =~ s/\.[ch]$//;
	my ($dir) = $file =~ m{^(\w+)/};
	my @bad;
	push @bad, 'not listed in tests/layers.txt' unless $rank{$mod};
	open my $src, '<', $file or die "$file: $!";
	while (<$src>) {
		next unless /^\s*#\s*include\s*([<"])([^>"]+)/;
		my ($q, $inc) = ($1, $2);
		$inc = "$dir/$inc" if $q eq '"' && $inc !~ m{/};
		push @bad, "line $.: $inc does not belong here"
			if $home{$inc} && $file !~ $home{$inc};
		push @bad, "line $.: the front may not use $inc"
			if $dir eq 'fs' && $inc =~ m{^lib/} &&
			   $inc !~ $lent && !$home{$inc};
		next if $q eq '<';
		push @bad, "line $.: $inc does not exist" unless -e $inc;
		$inc =~ s/\.h$//;
		push @bad, "line $.: \"$inc.h\" is in a higher layer"
			if ($rank{$inc} // 1e9) > ($rank{$mod} // 0);
	}
	ok(!@bad, $file) or diag(join "\n", @bad);
}

my @gone = grep { !-e "$_.c" && !-e "$_.h" } sort keys %rank;
is("@gone", '', 'every file of tests/layers.txt is there');

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
