# Hazard map: gnuplot -c hazard-map.gp [MOUNT] >map.svg
# SPDX-License-Identifier: MIT
oq = ARGC > 0 ? ARG1 : system("echo ~/oq")
map = oq . "/calc_1/export/hazard_map-mean_1.csv"
set datafile separator comma
set terminal svg
set xlabel "longitude"
set ylabel "latitude"
set offsets graph 0.06, graph 0.06, graph 0.06, graph 0.06
set cblabel "mean PGA in g that is exceeded with 10% in 50 years"
# The first line is a comment.
plot map using "lon":"lat":"PGA-0.1" \
	with points pointtype 5 pointsize 2 palette notitle
