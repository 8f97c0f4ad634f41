# Hazard curves of a site: gnuplot -c hazard-curve.gp [MOUNT [SITE]] >curve.svg
# SPDX-License-Identifier: MIT
oq = ARGC > 0 ? ARG1 : system("echo ~/oq")
site = ARGC > 1 ? ARG2 : "0"
set datafile separator comma
set terminal svg
set logscale y
set xlabel "PGA, number of the level"
set ylabel "probability to exceed it"
plot for [stat in "mean quantile-0.15 quantile-0.85"] \
	sprintf("%s/calc_1/hcurves-stats[%s, stat=%s, imt=PGA].csv", \
		oq, site, stat) \
	using "lvl":"value" with linespoints title stat
