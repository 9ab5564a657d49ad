# Writes the data sets and the expected numbers of the tests of package stats.
# Run in this folder: Rscript reference.R
# The api data are those of the R package survey (California Academic Performance
# Index 2000; data(api)); "round" and "lonely" are simulated below.
suppressMessages(library(survey))
data(api)
columns <- c("cds", "stype", "dnum", "snum", "api99", "api00", "meals", "enroll", "sch.wide", "comp.imp", "awards", "pw")
write.csv(apistrat[, c(columns, "fpc")], "apistrat.csv", row.names = FALSE, quote = FALSE, na = "")
write.csv(apiclus1[, c(columns, "fpc")], "apiclus1.csv", row.names = FALSE, quote = FALSE, na = "")
write.csv(apiclus2[, c(columns, "fpc1", "fpc2")], "apiclus2.csv", row.names = FALSE, quote = FALSE, na = "")

expected <- character()
put <- function(case, quantity, value)
  expected <<- c(expected, sprintf("%s,%s,%s", case, quantity, ifelse(is.na(value), "NA", sprintf("%.17g", value))))
statistic <- function(case, s, design) {
  put(case, "value", coef(s)); put(case, "se", SE(s)); put(case, "df", degf(design))
}
mean_of <- function(case, formula, design) {
  s <- svymean(formula, design, deff = TRUE, na.rm = TRUE); statistic(case, s, design); put(case, "deff", deff(s))
  put(case, "deff_wr", deff(svymean(formula, design, deff = "replace", na.rm = TRUE)))
  ci <- confint(s, df = degf(design)); put(case, "low", ci[1]); put(case, "high", ci[2])
}
total_of <- function(case, formula, design) {
  s <- svytotal(formula, design, deff = TRUE, na.rm = TRUE); statistic(case, s, design); put(case, "deff", deff(s))
}
ratio_of <- function(case, y, x, design) {
  s <- svyratio(y, x, design, deff = TRUE, na.rm = TRUE)
  put(case, "value", coef(s)); put(case, "se", SE(s)); put(case, "df", degf(design)); put(case, "deff", deff(s))
}
share_of <- function(case, formula, design) {
  for (m in c("logit", "beta", "xlogit", "mean", "asin")) {
    s <- svyciprop(formula, design, method = m)
    if (m == "mean") { put(case, "value", coef(s)); put(case, "se", SE(s)) }
    put(case, paste0(m, "_low"), confint(s)[1]); put(case, paste0(m, "_high"), confint(s)[2])
  }
}

designs <- list(
  strat = svydesign(id = ~1, strata = ~stype, weights = ~pw, data = apistrat, fpc = ~fpc),
  strat_wr = svydesign(id = ~1, strata = ~stype, weights = ~pw, data = apistrat),
  clus1 = svydesign(id = ~dnum, weights = ~pw, data = apiclus1, fpc = ~fpc),
  clus2 = svydesign(id = ~dnum + snum, fpc = ~fpc1 + fpc2, data = apiclus2),
  clus2_wr = svydesign(id = ~dnum + snum, weights = ~pw, data = apiclus2))
for (name in names(designs)) {
  d <- designs[[name]]
  mean_of(paste0(name, ".mean.api00"), ~api00, d)
  mean_of(paste0(name, ".mean.enroll"), ~enroll, d)
  total_of(paste0(name, ".total.enroll"), ~enroll, d)
  ratio_of(paste0(name, ".ratio"), ~api00, ~api99, d)
  mean_of(paste0(name, ".domain.E"), ~api00, subset(d, stype == "E"))
  total_of(paste0(name, ".domain_total.E"), ~enroll, subset(d, stype == "E"))
  ratio_of(paste0(name, ".domain_ratio.E"), ~api00, ~api99, subset(d, stype == "E"))
  share_of(paste0(name, ".share"), ~I(sch.wide == "Yes"), d)
  by <- svyby(~api00, ~sch.wide, d, svymean, covmat = TRUE)
  gap <- svycontrast(by, c(No = 1, Yes = -1))
  put(paste0(name, ".difference"), "value", coef(gap)); put(paste0(name, ".difference"), "se", SE(gap))
  both <- svymean(~api00 + api99, d)
  put(paste0(name, ".joint"), "cov", vcov(both)[1, 2])
  logratio <- svycontrast(both, quote(log(api00 / api99)))
  put(paste0(name, ".log_ratio"), "value", coef(logratio)); put(paste0(name, ".log_ratio"), "se", SE(logratio))
}

# A round: 4 strata x 3-5 PSUs x 2-4 SSUs x 3-6 people, 6 items of 1..5 with gaps.
set.seed(20250701)
rows <- list()
for (h in 1:4) for (i in 1:sample(3:5, 1)) {
  ssus <- sample(2:4, 1)
  for (j in 1:ssus) for (k in 1:sample(3:6, 1)) {
    latent <- rnorm(1, 3.4 + 0.2 * h + 0.1 * i + 0.05 * j, 0.6)
    items <- pmin(5, pmax(1, round(latent + rnorm(6, 0, 0.9))))
    items[runif(6) < 0.12] <- NA
    rows[[length(rows) + 1]] <- data.frame(stratum = paste0("h", h), psu = paste0("p", i), ssu = paste0("s", j),
      fpc1 = 20 + 3 * h, fpc2 = 10 + i, w = round(runif(1, 20, 90), 2), sex = sample(c("f", "m"), 1), t(items))
  }
}
round_data <- do.call(rbind, rows)
names(round_data)[8:13] <- paste0("q", 1:6)
write.csv(round_data, "round.csv", row.names = FALSE, quote = FALSE, na = "")

index_of <- function(case, design, groups, parts) {
  y <- lapply(1:6, function(i) design$variables[[paste0("q", i)]] >= 4)
  v <- lapply(1:6, function(i) !is.na(design$variables[[paste0("q", i)]]))
  for (i in 1:6) {
    design$variables[[paste0("s", i)]] <- ifelse(v[[i]], as.numeric(y[[i]]), 0)
    design$variables[[paste0("v", i)]] <- as.numeric(v[[i]])
  }
  totals <- svytotal(~s1 + s2 + s3 + s4 + s5 + s6 + v1 + v2 + v3 + v4 + v5 + v6, design)
  item <- paste0("(100*s", 1:6, "/v", 1:6, ")")
  group <- sapply(groups, function(g) paste0("((", paste(item[g], collapse = "+"), ")/", length(g), ")"))
  part <- sapply(parts, function(p) paste0("((", paste(group[p], collapse = "+"), ")/", length(p), ")"))
  mean_expr <- function(x) paste0("(", paste(x, collapse = "+"), ")/", length(x))
  all <- c(setNames(item, paste0("q", 1:6)), setNames(group, names(groups)), setNames(part, names(parts)),
    mean_of_items = mean_expr(item), mean_of_groups = mean_expr(group), mean_of_parts = mean_expr(part),
    pooled = "100*(s1+s2+s3+s4+s5+s6)/(v1+v2+v3+v4+v5+v6)")
  fits <- svycontrast(totals, lapply(all, function(e) parse(text = e)[[1]]))
  for (n in names(all)) {
    put(paste0(case, ".", n), "value", coef(fits)[n]); put(paste0(case, ".", n), "se", sqrt(vcov(fits)[n, n]))
  }
  put(paste0(case, ".joint"), "cov", vcov(fits)["g1", "p2"])
}
groups <- list(g1 = 1:2, g2 = 3:5, g3 = 6)
parts <- list(p1 = "g1", p2 = c("g2", "g3"))
rounds <- list(
  round_wr = svydesign(id = ~psu, strata = ~stratum, weights = ~w, nest = TRUE, data = round_data),
  round_fpc = svydesign(id = ~psu + ssu, strata = ~stratum, weights = ~w, fpc = ~fpc1 + fpc2, nest = TRUE, data = round_data))
for (name in names(rounds)) {
  index_of(paste0(name, ".all"), rounds[[name]], groups, parts)
  index_of(paste0(name, ".women"), subset(rounds[[name]], sex == "f"), groups, parts)
}
# A commune's own result: the design conditional on the PSU, SSUs become PSUs.
own <- subset(round_data, stratum == "h4" & psu == "p1")
index_of("conditional", svydesign(id = ~ssu, weights = ~w, fpc = ~fpc2, data = own), groups, parts)
mean_of("conditional.mean.q1", ~q1, svydesign(id = ~ssu, weights = ~w, fpc = ~fpc2, data = own))
# Deff of a composite: that of the total of its linearised variable over the rows with any valid item.
complete <- round_data[complete.cases(round_data), ]
cd <- svydesign(id = ~psu, strata = ~stratum, weights = ~w, nest = TRUE, data = complete)
mean_of("complete.group", ~I(50 * (q1 >= 4) + 50 * (q2 >= 4)), cd)

# Lonely PSUs: stratum c has one PSU of three; in stratum b the domain leaves one.
set.seed(7)
lonely <- data.frame(stratum = rep(c("a", "b", "c", "d"), c(6, 6, 3, 6)), psu = rep(1:7, each = 3),
  w = rep(c(2, 3, 4, 5), c(6, 6, 3, 6)), fpc = rep(c(10, 8, 3, 12), c(6, 6, 3, 6)), y = round(rnorm(21, 50, 9), 1),
  g = c(rep(1, 9), rep(0, 3), rep(1, 9)))
write.csv(lonely, "lonely.csv", row.names = FALSE, quote = FALSE)
for (rule in c("remove", "certainty", "adjust", "average")) for (domains in c(FALSE, TRUE)) for (fpc in c(FALSE, TRUE)) {
  options(survey.lonely.psu = rule, survey.adjust.domain.lonely = domains)
  d <- if (fpc) svydesign(id = ~psu, strata = ~stratum, weights = ~w, fpc = ~fpc, data = lonely) else
    svydesign(id = ~psu, strata = ~stratum, weights = ~w, data = lonely)
  case <- paste("lonely", rule, ifelse(domains, "domains", "plain"), ifelse(fpc, "fpc", "wr"), sep = ".")
  put(paste0(case, ".all"), "se", SE(svymean(~y, d)))
  put(paste0(case, ".g"), "se", suppressWarnings(SE(svymean(~y, subset(d, g == 1)))))
  if (rule != "adjust") put(paste0(case, ".total"), "se", SE(svytotal(~y, d)))
}
options(survey.lonely.psu = "fail", survey.adjust.domain.lonely = FALSE)

# Brewer's approximation for PPS without replacement: the election data of the survey package.
data(election)
write.csv(election_pps[, c("County", "Bush", "Kerry", "Nader", "wt", "p")], "election_pps.csv", row.names = FALSE, quote = FALSE)
brewer <- svydesign(id = ~1, fpc = ~p, data = election_pps, pps = "brewer")
total_of("brewer.total", ~Bush, brewer)
mean_of("brewer.mean", ~Bush, brewer)

# Hartley-Rao, and exact joint probabilities.
n <- nrow(election_pps)
pairs <- which(upper.tri(diag(n)), arr.ind = TRUE)
write.csv(data.frame(i = pairs[, 1], j = pairs[, 2], pi = election_jointprob[pairs]), "election_joint.csv", row.names = FALSE, quote = FALSE)
exact <- ppsmat(election_jointprob, tolerance = 0)
for (case in list(list("hr", HR(), "HT"), list("ht", exact, "HT"), list("yg", exact, "YG"))) {
  d <- svydesign(id = ~1, fpc = ~p, data = election_pps, pps = case[[2]], variance = case[[3]])
  s <- svytotal(~Bush, d); put(paste0(case[[1]], ".total"), "value", coef(s)); put(paste0(case[[1]], ".total"), "se", SE(s))
  s <- svymean(~Bush + Kerry, d); put(paste0(case[[1]], ".mean"), "se", SE(s)[1]); put(paste0(case[[1]], ".mean"), "cov", vcov(s)[1, 2])
  s <- svytotal(~Bush, subset(d, Kerry > 100000)); put(paste0(case[[1]], ".domain"), "se", SE(s))
}

# Calibration on the cluster sample; the totals are those of the population (apipop).
c1 <- designs$clus1
strat <- designs$strat
types <- data.frame(stype = c("E", "H", "M"), Freq = c(4421, 755, 1018))
wide <- data.frame(sch.wide = c("No", "Yes"), Freq = c(1072, 5122))
totals <- c(`(Intercept)` = 6194, stypeH = 755, stypeM = 1018, api99 = 3914069)
tight <- function(...) calibrate(..., epsilon = 1e-12, maxit = 200)
calibrated <- list(
  poststratify = postStratify(c1, ~stype, types),
  rake = tight(c1, ~stype + sch.wide, c(`(Intercept)` = 6194, stypeH = 755, stypeM = 1018, sch.wideYes = 5122), calfun = "raking"),
  linear = calibrate(c1, ~stype + api99, totals),
  linear_variance = calibrate(c1, ~stype + api99, totals, variance = apiclus1$enroll),
  linear_cluster = calibrate(c1, ~stype + api99, totals, aggregate.stage = 1),
  linear_bounds = tight(c1, ~stype + api99, totals, bounds = c(0.6, 1.7)),
  raking = tight(c1, ~stype + api99, totals, calfun = "raking"),
  logit = tight(c1, ~stype + api99, totals, calfun = "logit", bounds = c(0.5, 2.5)),
  two_steps = calibrate(postStratify(strat, ~sch.wide, wide), ~stype + api99, totals),
  trim = trimWeights(strat, lower = 20, upper = 42),
  poststratify_trim = trimWeights(postStratify(strat, ~sch.wide, wide), lower = 16, upper = 45))
for (name in names(calibrated)) {
  d <- calibrated[[name]]
  put(paste0("cal.", name), "w1", weights(d)[1]); put(paste0("cal.", name), "w77", weights(d)[77])
  mean_of(paste0("cal.", name, ".mean"), ~api00, d)
  s <- svytotal(~enroll, d); put(paste0("cal.", name, ".total"), "value", coef(s)); put(paste0("cal.", name, ".total"), "se", SE(s))
  s <- svymean(~api00, subset(d, comp.imp == "Yes"))
  put(paste0("cal.", name, ".domain"), "value", coef(s)); put(paste0("cal.", name, ".domain"), "se", SE(s))
}

# Quantiles, t-tests and chi-squares. The first row of R's quantile table is p.
for (name in c("strat", "clus1", "clus2")) {
  d <- designs[[name]]
  for (rule in c("math", "school", paste0("hf", 1:9))) for (p in c(0.25, 0.5, 0.9)) {
    q <- svyquantile(~api00, d, p, qrule = rule, interval.type = "mean")
    case <- sprintf("%s.quantile.%s.%s", name, rule, p)
    put(case, "value", coef(q)); put(case, "se", SE(q)); put(case, "low", confint(q)[1]); put(case, "high", confint(q)[2])
  }
  for (type in c("beta", "xlogit", "asin")) {
    q <- svyquantile(~api00, d, 0.5, interval.type = type)
    put(sprintf("%s.quantile.%s", name, type), "low", confint(q)[1]); put(sprintf("%s.quantile.%s", name, type), "high", confint(q)[2])
  }
  tt <- svyttest(api00 ~ sch.wide, d)
  case <- paste0(name, ".ttest")
  put(case, "value", tt$estimate); put(case, "t", tt$statistic); put(case, "df", tt$parameter); put(case, "p", tt$p.value)
  put(case, "low", tt$conf.int[1]); put(case, "high", tt$conf.int[2])
  for (s in c("F", "Chisq", "Wald", "adjWald")) {
    x <- svychisq(~sch.wide + stype, d, statistic = s)
    case <- paste0(name, ".chisq.", s)
    put(case, "statistic", x$statistic); put(case, "df", x$parameter[1]); if (s != "Chisq") put(case, "ddf", x$parameter[2]); put(case, "p", x$p.value)
  }
}
x <- svychisq(~sch.wide + comp.imp, subset(designs$clus2, stype != "H"))
put("chisq.domain", "statistic", x$statistic); put("chisq.domain", "p", x$p.value)

# Regression, variance and contrasts of estimates.
model_of <- function(case, fit, term) {
  V <- vcov(fit)
  for (n in names(coef(fit))) {
    put(paste0(case, ".", n), "value", coef(fit)[n]); put(paste0(case, ".", n), "se", sqrt(V[n, n]))
    put(paste0(case, ".", n), "df", fit$df.residual)
    put(paste0(case, ".", n), "p", 2 * pt(-abs(coef(fit)[n] / sqrt(V[n, n])), fit$df.residual))
  }
  wald <- regTermTest(fit, term)
  put(paste0(case, ".test"), "statistic", wald$Ftest); put(paste0(case, ".test"), "df", wald$df)
  put(paste0(case, ".test"), "ddf", wald$ddf); put(paste0(case, ".test"), "p", wald$p)
}
for (name in c("strat", "clus1", "clus2")) {
  d <- designs[[name]]
  model_of(paste0(name, ".linear"), svyglm(api00 ~ stype + meals, d), ~stype)
  model_of(paste0(name, ".logistic"), svyglm(I(sch.wide == "Yes") ~ stype + api99, d, family = quasibinomial(), control = list(epsilon = 1e-14)), ~stype)
  s <- svyvar(~api00, d); put(paste0(name, ".variance"), "value", s[1]); put(paste0(name, ".variance"), "se", SE(s)[1])
  k <- svycontrast(svymean(~api00 + api99, d), list(a = quote(api00 / api99), b = quote(log(api00) - sqrt(api99) * exp(api99 / 1e3) + api00^2)))
  for (n in c("a", "b")) { put(paste0(name, ".contrast.", n), "value", coef(k)[n]); put(paste0(name, ".contrast.", n), "se", SE(k)[n]) }
}

# Replicates. scd is data(scd) of the survey package: six strata of two.
replicated <- function(case, d) {
  s <- svymean(~api00, d, deff = TRUE)
  put(case, "value", coef(s)); put(case, "se", SE(s)); put(case, "df", degf(d)); put(case, "deff", deff(s))
  r <- svyratio(~api00, ~api99, d); put(paste0(case, ".ratio"), "value", coef(r)); put(paste0(case, ".ratio"), "se", SE(r))
  m <- svymean(~api00, subset(d, stype == "E")); put(paste0(case, ".domain"), "value", coef(m)); put(paste0(case, ".domain"), "se", SE(m))
  put(paste0(case, ".domain"), "df", degf(subset(d, stype == "E")))
  q <- svyquantile(~api00, d, 0.5, interval.type = "mean")
  put(paste0(case, ".quantile"), "value", coef(q)); put(paste0(case, ".quantile"), "se", SE(q))
  ci <- confint(svyciprop(~I(sch.wide == "Yes"), d)); put(paste0(case, ".share"), "logit_low", ci[1]); put(paste0(case, ".share"), "logit_high", ci[2])
  x <- svychisq(~sch.wide + stype, d); put(paste0(case, ".chisq"), "statistic", x$statistic); put(paste0(case, ".chisq"), "df", x$parameter[1])
  put(paste0(case, ".chisq"), "ddf", x$parameter[2]); put(paste0(case, ".chisq"), "p", x$p.value)
  tt <- svyttest(api00 ~ sch.wide, d)
  put(paste0(case, ".ttest"), "value", tt$estimate); put(paste0(case, ".ttest"), "t", tt$statistic); put(paste0(case, ".ttest"), "p", tt$p.value)
}
replicated("rep.jk1", as.svrepdesign(designs$clus1, type = "JK1"))
replicated("rep.jkn", as.svrepdesign(designs$strat, type = "JKn"))
replicated("rep.mse", as.svrepdesign(designs$clus1, type = "JK1", mse = TRUE))
replicated("rep.calibrated", tight(as.svrepdesign(designs$clus1, type = "JK1"), ~stype + api99, totals, calfun = "raking"))
replicated("rep.poststratified", postStratify(as.svrepdesign(designs$clus1, type = "JK1"), ~stype, types))
data(scd)
write.csv(scd, "scd.csv", row.names = FALSE, quote = FALSE)
brr <- as.svrepdesign(svydesign(id = ~ambulance, strata = ~ESA, data = scd, nest = TRUE, weights = rep(2.5, 6)), type = "BRR")
s <- svytotal(~arrests, brr); put("rep.brr.total", "value", coef(s)); put("rep.brr.total", "se", SE(s)); put("rep.brr.total", "df", degf(brr))
s <- svyratio(~alive, ~arrests, brr); put("rep.brr.ratio", "value", coef(s)); put("rep.brr.ratio", "se", SE(s))
# Replicates given in a file: a subbootstrap of the clusters, as factors and as weights.
set.seed(99)
boot <- as.svrepdesign(designs$clus1, type = "subbootstrap", replicates = 40)
factors <- boot$repweights$weights
write.csv(data.frame(dnum = unique(apiclus1$dnum), factors), "replicates.csv", row.names = FALSE, quote = FALSE)
replicated("rep.file", boot)
whole <- weights(boot, "analysis")
write.csv(data.frame(cds = apiclus1$cds, round(whole, 6)), "replicate_weights.csv", row.names = FALSE, quote = FALSE)
replicated("rep.combined", svrepdesign(data = apiclus1, weights = ~pw, repweights = round(whole, 6), type = "other",
  combined.weights = TRUE, scale = 1 / 39, rscales = rep(1, 40)))

header <- sprintf("# R %s.%s, survey %s; written by reference.R", R.version$major, R.version$minor, packageVersion("survey"))
writeLines(c(header, "case,quantity,value", expected), "expected.csv")
