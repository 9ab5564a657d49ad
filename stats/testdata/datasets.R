# Writes data sets of R's survey package, and figures of them, into the folder given:
# Rscript datasets.R FOLDER. Run by the tests of package stats/spec where R is installed.
suppressMessages(library(survey))
folder <- commandArgs(TRUE)[1]
for (name in c("nhanes", "yrbs", "mu284", "fpc", "hospital")) {
  data(list = name)
  write.csv(get(name), file.path(folder, paste0(name, ".csv")), row.names = FALSE, na = "")
}
expected <- character()
put <- function(case, s, design) {
  df <- degf(design)
  for (i in seq_along(coef(s))) {
    values <- c(value = coef(s)[[i]], se = as.numeric(SE(s))[i], df = df)
    expected <<- c(expected, sprintf("%s.%d.%s,%.17g", case, i - 1, names(values), values))
  }
}
nh <- svydesign(id = ~SDMVPSU, strata = ~SDMVSTRA, weights = ~WTMEC2YR, nest = TRUE, data = nhanes)
put("nhanes.mean", svymean(~HI_CHOL, nh, na.rm = TRUE), nh)
put("nhanes.race", svyby(~HI_CHOL, ~race, nh, svymean, na.rm = TRUE)[1, ], subset(nh, race == 1))
put("nhanes.total", svytotal(~agecat, nh), nh)
put("nhanes.old", svymean(~HI_CHOL, subset(nh, agecat == "(59,Inf]"), na.rm = TRUE), subset(nh, agecat == "(59,Inf]"))
for (s in c("F", "Wald", "adjWald")) {
  x <- svychisq(~HI_CHOL + race, nh, statistic = s)
  expected <- c(expected, sprintf("nhanes.%s.0.%s,%.17g", s, c("statistic", "p"), c(x$statistic, x$p.value)))
}
yr <- svydesign(id = ~psu, strata = ~stratum, weights = ~weight, nest = TRUE, data = yrbs)
put("yrbs.mean", svymean(~qn8, yr, na.rm = TRUE), yr)
mu <- svydesign(id = ~id1 + id2, fpc = ~n1 + n2, data = mu284)
put("mu284.total", svytotal(~y1, mu), mu)
put("mu284.mean", svymean(~y1, mu), mu)
wr <- svydesign(id = ~psuid, strata = ~stratid, weights = ~weight, nest = TRUE, data = fpc)
put("fpc.mean", svymean(~x, wr), wr)
without <- svydesign(id = ~psuid, strata = ~stratid, fpc = ~Nh, nest = TRUE, data = fpc)
put("fpc.total", svytotal(~x, without), without)
ho <- svydesign(id = ~hospno, strata = ~oblevel, weights = ~weighta, fpc = ~tothosp, data = hospital)
put("hospital.total", svytotal(~births, ho), ho)
writeLines(expected, file.path(folder, "expected.txt"))
