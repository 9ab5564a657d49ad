# The reference side of the bench: the tasks by R's survey package.
#   Rscript survey.R TASK FOLDER ROWS
# prints label,estimate,se with all digits, for comparison, and on standard error
# the seconds from the loaded data to all results.
suppressMessages(library(survey))
args <- commandArgs(trailingOnly = TRUE)
task <- args[1]; folder <- args[2]
source(file.path(folder, "common.R"))
d <- people(folder, args[3])
started <- proc.time()[["elapsed"]]
d <- scored(d)
formula <- reformulate(labels)
design <- svydesign(~psu, strata = ~stratum, weights = ~w, data = d)
# The totals of the margins, named and ordered as the columns of ~ sex + age + area.
totals <- function() {
  m <- margins(folder); m <- m[order(match(m$margin, c("sex", "age", "area")), m$level), ]
  first <- !duplicated(m$margin)
  c("(Intercept)" = sum(m$total[m$margin == "sex"]), setNames(m$total, paste0(m$margin, m$level))[!first])
}
raked <- function(design, ...) calibrate(design, ~ sex + age + area, totals(), calfun = "raking", epsilon = 1e-12, ...)

if (task == "index") {
  all <- svymean(formula, design)
  by <- svyby(formula, ~commune, design, svymean)
  show("", labels, coef(all), SE(all))
  for (k in seq_along(labels))
    show(by$commune, labels[k], by[[labels[k]]], by[[paste0("se.", labels[k])]])
}
if (task == "rake") { # the method whose standard errors are by residuals
  mean <- svymean(formula, raked(design))
  show("", labels, coef(mean), SE(mean))
}
if (task == "ipf") { # the same weights; its standard errors follow another definition
  m <- margins(folder)
  population <- lapply(c("sex", "age", "area"), function(name) {
    t <- m[m$margin == name, ]; setNames(data.frame(t$level, t$total), c(name, "Freq")) })
  mean <- svymean(formula, rake(design, list(~sex, ~age, ~area), population, control = list(maxit = 50, epsilon = 1e-9, verbose = FALSE)))
  show("", labels, coef(mean), SE(mean))
}
if (task == "bootstrap" || task == "bootstrap-raked") {
  f <- factors(folder)
  replicated <- svrepdesign(data = d, weights = d$w, repweights = f[match(d$psu, rownames(f)), ], type = "bootstrap",
                            combined.weights = FALSE, scale = 1 / (ncol(f) - 1), rscales = rep(1, ncol(f)), mse = FALSE)
  mean <- svymean(formula, if (task == "bootstrap") replicated else raked(replicated, compress = FALSE))
  show("", labels, coef(mean), SE(mean))
}
message("compute ", proc.time()[["elapsed"]] - started)
