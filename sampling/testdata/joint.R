# Joint inclusion probabilities by R 4.2.2, sampling 2.9. Writes joint.csv:
#   Rscript joint.R > joint.csv
suppressMessages(library(sampling))
write <- function(design, m) {
  for (i in 1:(nrow(m) - 1)) for (j in (i + 1):nrow(m))
    cat(sprintf("%s,%d,%d,%.17g\n", design, i, j, m[i, j]))
}
cat("design,i,j,pi\n")
x <- c(12, 7, 30, 1, 25, 18, 5, 9, 40, 22, 3, 16)
write("pps_sampford 4", UPsampfordpi2(inclusionprobabilities(x, 4)))
write("pps_sampford 2", UPsampfordpi2(inclusionprobabilities(x, 2)))
write("pps_systematic 4", UPsystematicpi2(inclusionprobabilities(x, 4)))
write("systematic 5", UPsystematicpi2(rep(5 / 12, 12)))
