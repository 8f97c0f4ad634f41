# Quantiles of the ground motion at the sites: Rscript read.R [MOUNT]
# SPDX-License-Identifier: MIT
args <- commandArgs(trailingOnly = TRUE)
oq <- if (length(args)) args[1] else path.expand("~/oq")
gmf <- read.csv(file.path(oq, "calc_1", "export", "gmf-data_1.csv"), skip = 1,
                check.names = FALSE)
print(sapply(gmf[c("gmv_PGA", "gmv_SA(0.3)")], quantile))
