# The quantiles of read.R, of the two columns alone: Rscript arrow.R [MOUNT]
# SPDX-License-Identifier: MIT
args <- commandArgs(trailingOnly = TRUE)
oq <- if (length(args)) args[1] else path.expand("~/oq")
gmf <- arrow::read_parquet(file.path(oq, "calc_1", "gmf_data.parquet"),
                           col_select = c("PGA", "SA(0.3)"))
print(sapply(as.data.frame(gmf), quantile))
