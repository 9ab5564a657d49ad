# The draw of bench/draw.go by R's package sampling: n villages of each province by
# size; it has no Pareto sampling. Prints a line a method: its name, seconds for reading and drawing, and
# seconds for drawing alone.
#   Rscript bench/draw.R villages.csv 79
suppressMessages(library(sampling))
args <- commandArgs(trailingOnly = TRUE)
n <- as.integer(args[2])
began <- proc.time()[["elapsed"]]
villages <- read.csv(args[1], colClasses = c(code = "character"))
read <- proc.time()[["elapsed"]] - began
set.seed(1)
for (method in c("UPsystematic", "UPsampford")) {
  draw <- get(method)
  began <- proc.time()[["elapsed"]]
  drawn <- 0
  for (rows in split(seq_len(nrow(villages)), villages$province)) {
    drawn <- drawn + sum(draw(inclusionprobabilities(villages$population[rows], n)))
  }
  took <- proc.time()[["elapsed"]] - began
  cat(method, read + took, took, drawn, "\n")
}
