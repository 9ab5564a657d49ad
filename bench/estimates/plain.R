# The same tasks in plain R: sums by rowsum and matrix products, no package. It is
# what a good programmer writes for these very tasks, and no library.
#   Rscript plain.R TASK FOLDER ROWS
args <- commandArgs(trailingOnly = TRUE)
task <- args[1]; folder <- args[2]
source(file.path(folder, "common.R"))
d <- people(folder, args[3])
started <- proc.time()[["elapsed"]]

# a: a row a figure, the weight of each item in it.
a <- rbind(diag(22), t(sapply(groups, function(g) as.numeric(items %in% g) / length(g))))
a <- rbind(a, colMeans(a[23:28, ]))

# The weighted totals of the primary units: w, then w times each item.
sums <- function(w) rowsum(cbind(w, vapply(d[items], function(q) w * (q >= 4), numeric(nrow(d)))), d$psu, reorder = FALSE)
first <- !duplicated(d$psu)
stratum <- d$stratum[first]; commune <- d$commune[first]
# Deviations from the stratum's mean, squared and summed; units outside a domain count 0.
variance <- function(z) {
  n <- as.vector(table(stratum)[stratum])
  colSums(n / (n - 1) * (z - rowsum(z, stratum)[stratum, , drop = FALSE] / n)^2)
}
figures <- function(t) {
  m <- colSums(t[, -1]) / sum(t[, 1])
  z <- 100 * (t[, -1] - outer(t[, 1], m)) / sum(t[, 1])
  list(value = 100 * as.vector(a %*% m), z = z %*% t(a))
}
# Raked weights as a factor of each cell of the crossing of the margins.
rake_cells <- function(table, targets) {
  g <- table; g[] <- 1
  for (i in 1:200) {
    worst <- 0
    for (k in 1:3) {
      now <- apply(table * g, k, sum)
      worst <- max(worst, abs(now / targets[[k]] - 1))
      g <- sweep(g, k, targets[[k]] / now, "*")
    }
    if (worst < 1e-13) break
  }
  g
}
if (task == "rake" || task == "bootstrap-raked") {
  m <- margins(folder)
  targets <- lapply(c("sex", "age", "area"), function(name) setNames(m$total[m$margin == name], m$level[m$margin == name]))
  index <- cbind(match(d$sex, names(targets[[1]])), match(d$age, names(targets[[2]])), match(d$area, names(targets[[3]])))
  size <- lengths(targets)
  cell <- index[, 1] + size[1] * (index[, 2] - 1 + size[2] * (index[, 3] - 1))
  spread <- function(x) array(x, size)
}

if (task == "index") {
  t <- sums(d$w)
  f <- figures(t)
  show("", labels, f$value, sqrt(variance(f$z)))
  for (c in unique(commune)) {
    f <- figures(t[commune == c, ])
    z <- matrix(0, nrow(t), 29); z[commune == c, ] <- f$z
    show(c, labels, f$value, sqrt(variance(z)))
  }
}
if (task == "rake") {
  before <- as.vector(rowsum(d$w, cell, reorder = TRUE))
  g <- as.vector(rake_cells(spread(before), targets))[cell]
  w <- d$w * g
  y <- vapply(d[items], function(q) as.numeric(q >= 4), numeric(nrow(d)))
  m <- colSums(w * y) / sum(w)
  z <- 100 * (y - rep(m, each = nrow(y))) / sum(w)
  # Residuals on the margins with the weights before: the fit needs cell sums only.
  x <- model.matrix(~ sex + age + area, expand.grid(sex = names(targets[[1]]), age = names(targets[[2]]), area = names(targets[[3]])))
  beta <- solve(crossprod(x, before * x), crossprod(x, rowsum(d$w * z, cell, reorder = TRUE)))
  e <- w * (z - (x %*% beta)[cell, ])
  show("", labels, 100 * as.vector(a %*% m), sqrt(variance(rowsum(e, d$psu, reorder = FALSE) %*% t(a))))
}
if (task == "bootstrap" || task == "bootstrap-raked") {
  f <- factors(folder)[d$psu[first], ]
  if (task == "bootstrap") {
    t <- sums(d$w)
    totals <- crossprod(f, t) # replicates by (w, items)
    full <- colSums(t)
  } else {
    y <- vapply(d[items], function(q) as.numeric(q >= 4), numeric(nrow(d)))
    number <- match(d$psu, d$psu[first])
    both <- number + nrow(f) * (cell - 1)
    t <- rowsum(cbind(d$w, d$w * y), both, reorder = TRUE)
    keys <- as.integer(rownames(t)) - 1L
    unit <- keys %% nrow(f) + 1L; within <- keys %/% nrow(f) + 1L
    under <- function(factor) {
      s <- rowsum(factor * t, within, reorder = TRUE)
      g <- as.vector(rake_cells(spread(s[, 1]), targets))
      colSums(g * s)
    }
    totals <- t(apply(f, 2, function(column) under(column[unit])))
    full <- under(rep(1, nrow(t)))
  }
  value <- 100 * (totals[, -1] / totals[, 1]) %*% t(a)
  centred <- sweep(value, 2, colMeans(value))
  show("", labels, 100 * as.vector(a %*% (full[-1] / full[1])), sqrt(colSums(centred^2) / (ncol(f) - 1)))
}
message("compute ", proc.time()[["elapsed"]] - started)
