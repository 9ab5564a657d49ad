# The index of the simulated round in round.csv by R's survey package: items are
# ratios of satisfied to valid answers, groups and the whole are contrasts.
# Run in this folder: Rscript round.R   (R 4.2.2, survey 4.1-1)
suppressPackageStartupMessages(library(survey))
options(survey.lonely.psu = "adjust", digits = 17)
x <- read.csv("round.csv", colClasses = c(commune = "character", village = "character"))
items <- paste0("i", 1:5)
for (i in items) {
  v <- x[[i]] %in% 1:5
  x[[paste0(i, "v")]] <- as.numeric(v)
  x[[paste0(i, "s")]] <- as.numeric(v & x[[i]] %in% 4:5)
}
groups <- list(a = 1:2, b = 3:5)
parts <- list(policy = "a", service = "b")

figures <- function(design, unit, df) {
  r <- svyratio(reformulate(paste0(items, "s")), reformulate(paste0(items, "v")), design, covmat = TRUE)
  diagonal <- (0:4) * 5 + 1:5              # the ratio of each item to its own denominator
  p <- as.vector(r$ratio)[diagonal]
  V <- vcov(r)[diagonal, diagonal]
  row <- function(tier, code, a) data.frame(unit = unit, tier = tier, code = code,
    value = 100 * sum(a * p), se = 100 * sqrt(drop(a %*% V %*% a)), df = df)
  pick <- function(k) { a <- numeric(5); a[k] <- 1 / length(k); a }
  out <- do.call(rbind, lapply(1:5, function(k) row("item", items[k], pick(k))))
  for (g in names(groups)) out <- rbind(out, row("group", g, pick(groups[[g]])))
  for (q in names(parts)) out <- rbind(out, row("part", q, pick(groups[[parts[[q]]]])))
  rbind(out, row("overall", "overall", rep(1 / 5, 5)))
}

province <- svydesign(ids = ~psu, strata = ~stratum, weights = ~weight, data = x, nest = TRUE)
result <- figures(province, "98", degf(province))
for (commune in sort(unique(x$commune))) {
  own <- x[x$commune == commune, ]
  d <- svydesign(ids = ~village, weights = ~weight, data = own)
  result <- rbind(result, figures(d, commune, degf(d)))
}
write.csv(result, "round_expected.csv", row.names = FALSE, quote = FALSE)
