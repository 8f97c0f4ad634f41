#!/usr/bin/perl
# SPDX-License-Identifier: MIT
# exhaustive.t - a sample of `make exhaustive`
use strict;
use warnings;
use Test::More;

my $program = "$ENV{B}/tests/oracle/exhaustive";
my $said = `$program 2000000 997`;

is($?, 0, 'libstdc++ agrees on all texts') or diag($said);
like($said, qr/^4307891 floats compared$/m, 'every 997th float was compared');
like($said, qr/^2097152 doubles compared$/m, 'and two million doubles');
done_testing;
