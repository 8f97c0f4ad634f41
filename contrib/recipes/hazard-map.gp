# Hazard map: gnuplot -c hazard-map.gp [MOUNT] >map.svg
# SPDX-License-Identifier: MIT
oq = ARGC > 0 ? ARG1 : system("echo ~/oq")
sites = oq . "/calc_1/sitecol.csv"
map = oq . "/calc_1/hmaps-stats[:, stat=mean, imt=PGA, poe=0.1].csv"
set datafile separator comma
set terminal svg
set xlabel "longitude"
set ylabel "latitude"
set offsets graph 0.06, graph 0.06, graph 0.06, graph 0.06
set cblabel "mean PGA in g that is exceeded with 10% in 50 years"
# Both have a line a site, in the same order.
plot sprintf("< paste -d, '%s' '%s'", sites, map) \
	using "lon":"lat":"value" with points pointtype 5 pointsize 2 palette notitle
