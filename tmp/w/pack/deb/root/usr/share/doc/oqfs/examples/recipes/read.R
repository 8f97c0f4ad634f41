# Quantiles of the ground motion at the sites: Rscript read.R [MOUNT]
# SPDX-License-Identifier: MIT
args <- commandArgs(trailingOnly = TRUE)
oq <- if (length(args)) args[1] else path.expand("~/oq")
gmf <- read.csv(file.path(oq, "calc_1", "gmf_data.csv"), check.names = FALSE)
print(sapply(gmf[c("PGA", "SA(0.3)")], quantile))
