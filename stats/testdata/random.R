# The figures of specifications that a test of package stats/spec makes at random, by R's survey package:
# Rscript random.R FOLDER. The folder holds the data and, for each case, CASE.R, the specification as an R list.
# It writes expected.csv: case, estimate, row, quantity, value. A row of NA is what has no value.
suppressMessages(library(survey))
options(warn = -1)
setwd(commandArgs(TRUE)[1])
invisible(Sys.setlocale("LC_ALL", "C"))
out <- list()
put <- function(case, id, row, values) out[[length(out) + 1]] <<- sprintf("%s,%s,%d,%s,%.17g", case, id, row, names(values), as.numeric(values))

# --- Data: every column as text, and as numbers if all of it are numbers, else as a category. ---
numbers <- function(text) suppressWarnings(as.numeric(text))
plain <- function(text) !anyNA(numbers(text[!is.na(text)]))
by_value <- function(text) if (plain(text)) text[order(numbers(text), text, method = "radix")] else sort(text, method = "radix")
read <- function(file) {
  text <- read.csv(file, colClasses = "character", na.strings = c("", "NA"), check.names = FALSE, fileEncoding = "UTF-8-BOM")
  data <- as.data.frame(lapply(text, function(x) if (plain(x)) numbers(x) else factor(x, levels = by_value(unique(x[!is.na(x)])))))
  data[paste0(names(text), ".text")] <- lapply(text, factor) # numbers as categories, as they are written
  list(text = text, data = data)
}
equal <- function(text, value) if (is.numeric(value)) !is.na(numbers(text)) & numbers(text) == value else text == value
meets <- function(text, conditions) {
  met <- rep(TRUE, nrow(text))
  for (k in conditions) {
    x <- text[[k$var]]
    one <- switch(k$op, "in" = Reduce(`|`, lapply(k$value, function(v) equal(x, v))), "==" = equal(x, k$value), "!=" = !equal(x, k$value),
      do.call(k$op, list(numbers(x), k$value)))
    met <- met & ifelse(is.na(x), NA, one)
  }
  met
}

# --- Design and weighting ---
columns <- function(names) if (length(names)) as.formula(paste("~", paste(names, collapse = "+"))) else ~1
one_by_one <- function(data, names) if (length(names)) interaction(data[names], drop = TRUE) else factor(rep(1, nrow(data)))
answered <- function(w, spec, data) {
  n <- spec$nonresponse
  if (is.null(n)) return(w)
  r <- data[[n$responded]]
  cell <- one_by_one(data, n$cells)
  eligible <- ave(w * !is.na(r), cell, FUN = sum)
  ifelse(r %in% 1, w * eligible / ave(w * (r %in% 1), cell, FUN = sum), 0)
}
drawn <- function(spec, data) {
  g <- spec$design
  options(survey.lonely.psu = if (is.null(g$lonely_psu)) "fail" else g$lonely_psu, survey.adjust.domain.lonely = isTRUE(g$adjust_domain_lonely))
  call <- list(ids = columns(g$ids), data = data, nest = isTRUE(g$nest))
  if (length(g$strata)) call$strata <- columns(g$strata)
  if (length(g$fpc)) call$fpc <- columns(g$fpc)
  if (!is.null(g$weights)) call$weights <- columns(g$weights)
  if (!is.null(g$pps)) {
    if (g$pps == "brewer") call$pps <- "brewer"
    if (g$pps == "hartley_rao") call$pps <- HR()
    if (g$pps %in% c("ht", "yg")) {
      j <- read.csv(g$joint)
      joint <- diag(data[[g$fpc]])
      joint[cbind(j$i, j$j)] <- joint[cbind(j$j, j$i)] <- j$pi
      call$pps <- ppsmat(joint)
      call$variance <- toupper(g$pps)
    }
  }
  d <- do.call(svydesign, call)
  if (!is.null(spec$nonresponse)) {
    data$answered <- answered(as.numeric(weights(d)), spec, data)
    d <- do.call(svydesign, modifyList(call, list(weights = ~answered, data = data)))
  }
  d
}
replicated <- function(spec, data) {
  r <- spec$replicates
  d <- drawn(modifyList(spec, list(nonresponse = NULL)), data)
  if (is.null(r$file)) {
    type <- list(design = d, type = r$type, mse = isTRUE(r$mse), compress = FALSE)
    if (r$type == "Fay") type$fay.rho <- r$rho
    d <- do.call(as.svrepdesign, type)
  } else {
    units <- read.csv(r$file, colClasses = c(setNames("character", r$key)), check.names = FALSE)
    w <- as.matrix(units[match(as.character(spec$text[[r$key]]), units[[r$key]]), setdiff(names(units), r$key)])
    call <- list(data = data, weights = as.numeric(weights(d)), repweights = w, type = sub("^(sub|mrb)", "", r$type), combined.weights = r$combined, mse = isTRUE(r$mse))
    for (k in c("scale", "rscales", "rho")) if (!is.null(r[[k]])) call[[k]] <- if (k == "rscales") rep_len(r[[k]], ncol(w)) else r[[k]]
    d <- do.call(svrepdesign, call)
  }
  if (!is.null(spec$nonresponse)) {
    w <- apply(weights(d, "analysis"), 2, answered, spec, data)
    d <- svrepdesign(data = data, weights = answered(as.numeric(weights(d, "sampling")), spec, data), repweights = w, type = "other",
      combined.weights = TRUE, scale = d$scale, rscales = d$rscales, mse = d$mse)
  }
  d
}
frame <- function(totals, by) data.frame(setNames(lapply(by, function(b) sapply(totals, `[[`, b)), paste0(by, ".text")), Freq = sapply(totals, `[[`, "total"))
calibrated <- function(d, step, ids) {
  solve <- function(...) if (inherits(d, "svyrep.design")) calibrate(d, ..., epsilon = 1e-11, maxit = 500, compress = FALSE) else calibrate(d, ..., epsilon = 1e-11, maxit = 500)
  if (step$method == "poststratify") return(postStratify(d, columns(paste0(step$by, ".text")), frame(step$totals, step$by)))
  if (step$method == "trim") return(trimWeights(d, lower = if (is.null(step$lower)) -Inf else step$lower, upper = step$upper))
  if (step$method == "rake") {
    totals <- c()
    for (m in step$margins) {
      t <- setNames(sapply(m$totals, `[[`, "total"), paste0(m$by, ".text", sapply(m$totals, `[[`, m$by)))
      totals <- if (is.null(totals)) c(`(Intercept)` = sum(t), t[-1]) else c(totals, t[-1])
    }
    return(solve(columns(paste0(sapply(step$margins, `[[`, "by"), ".text")), totals, calfun = "raking"))
  }
  more <- list(calfun = step$method)
  if (!is.null(step$bounds)) more$bounds <- step$bounds
  if (!is.null(step$variance)) more$variance <- d$variables[[step$variance]]
  if (isTRUE(step$cluster)) if (inherits(d, "svyrep.design")) more$aggregate.index <- columns(ids[1]) else more$aggregate.stage <- 1
  terms <- if ("(Intercept)" %in% names(step$totals)) columns(step$terms) else update(columns(step$terms), ~ . - 1)
  do.call(solve, c(list(terms, unlist(step$totals)), more))
}

# --- Domains ---
pick <- function(d, keep) if (inherits(d, "svyrep.design")) d[keep & weights(d, "sampling") != 0, ] else if (inherits(d, "pps")) survey:::`[.pps`(d, keep) else d[keep, ]
live <- function(d) { w <- as.numeric(weights(d, "sampling")); ifelse(is.finite(w), w, 0) }
# Of the rows used by a figure: people, their weights, and whether they lie in two primary units.
used <- function(s, mask) {
  w <- s$w * mask
  c(n = sum(w != 0), sum_weights = sum(w), psus = length(unique(s$psu[w != 0])))
}
df_of <- function(s, mask) if (s$rank) degf(pick(s$d, mask)) else length(unique(s$psu[mask & s$w != 0])) - length(unique(s$stratum[mask & s$w != 0]))
groups <- function(s, e) {
  all <- meets(s$text, e$where) %in% TRUE
  if (!length(e$by)) return(list(all))
  levels <- lapply(e$by, function(b) by_value(unique(s$text[[b]][!is.na(s$text[[b]])])))
  grid <- rev(expand.grid(rev(levels), stringsAsFactors = FALSE))
  masks <- lapply(seq_len(nrow(grid)), function(i) all & Reduce(`&`, Map(function(b, v) s$text[[b]] %in% v, e$by, grid[i, ])))
  Filter(function(m) any(m & s$w != 0), masks)
}
spread <- function(est, se, df, level) c(estimate = est, se = se, df = df, lo = est - qt((1 + level) / 2, df) * se, hi = est + qt((1 + level) / 2, df) * se)
# What rests on one primary unit has no error.
row_of <- function(values, u) {
  if (u[["psus"]] < 2) values[setdiff(names(values), c("estimate", "df", "p"))] <- NA
  if (u[["n"]] == 0) values["estimate"] <- NA
  if ("df" %in% names(values) && values[["df"]] < 1) values[intersect(names(values), c("lo", "hi"))] <- NA
  c(values, u[c("n", "sum_weights")])
}
# Rows as sums over ratios a * sum(w y)/sum(w x), or totals of y without x: their covariance is that of their linearised
# values, or of their values in the replicates.
covariance <- function(s, d, forms) {
  value <- function(f, w) if (is.null(f$x)) sum(w * f$y) else sum(f$a * colSums(w * f$y) / colSums(w * f$x))
  if (inherits(d, "svyrep.design")) {
    est <- sapply(forms, value, s$w)
    theta <- t(matrix(apply(weights(d, "analysis"), 2, function(w) sapply(forms, value, w)), nrow = length(forms)))
    if (anyNA(theta)) stop("a domain is empty in a replicate")
    return(as.matrix(svrVar(theta, d$scale, d$rscales, mse = d$mse, coef = est)))
  }
  z <- sapply(forms, function(f) if (is.null(f$x)) f$y[, 1] else {
    x <- colSums(s$w * f$x)
    as.vector(sweep(f$y - sweep(f$x, 2, colSums(s$w * f$y) / x, `*`), 2, f$a / x, `*`) %*% rep(1, ncol(f$y)))
  })
  as.matrix(vcov(svytotal(z, d)))
}
form <- function(y, x, mask, a = 1) list(y = cbind(ifelse(mask, y, 0)), x = if (!is.null(x)) cbind(ifelse(mask, x, 0)), a = a)

# --- Statistics: each gives rows (named numbers) and, where they have one, forms for their covariance. ---
tell_deff <- function(s) is.null(s$spec$design$pps) || s$spec$design$pps == "brewer"
direct <- function(s, e, mask, valid, estimate) {
  u <- used(s, mask & valid)
  df <- df_of(s, mask)
  if (u[["n"]] == 0) return(row_of(c(estimate = NA, se = NA), u))
  d <- pick(s$d, mask & valid)
  if (u[["psus"]] < 2) return(row_of(c(estimate = as.numeric(coef(estimate(d, FALSE))), se = NA, df = df, lo = NA, hi = NA, deff = NA), u))
  f <- estimate(d, TRUE)
  v <- spread(as.numeric(coef(f)), as.numeric(SE(f)), df, e$level)
  if (tell_deff(s) && !(inherits(s$d, "svyrep.design") && e$stat == "ratio")) {
    if (isTRUE(v[["se"]] > 1e-9 * max(abs(v[["estimate"]]), 1))) v["deff"] <- as.numeric(deff(f))
    if ("deff" %in% names(v) && !inherits(s$d, "svyrep.design") && !is.null(e$stat) && e$stat %in% c("mean", "total", "proportion")) v["deff_wr"] <- as.numeric(deff(estimate(d, "replace")))
  }
  row_of(v[!(names(v) %in% c("deff", "deff_wr") & v > 1e15)], u) # over a spread that is rounding
}
per_column <- function(s, e, mask, each) do.call(c, lapply(e$vars, function(v) {
  x <- s$data[[v]]
  if (is.numeric(x)) list(each(x, mask, v)) else lapply(levels(x), function(l) each(as.numeric(x == l), mask, v))
}))
means <- function(s, e, mask) per_column(s, e, mask, function(y, mask, v) {
  valid <- !is.na(y)
  s$d$variables$y. <- ifelse(valid, y, 0)
  total <- e$stat == "total"
  list(row = direct(s, e, mask, valid, function(d, deff) if (total) svytotal(~y., d, deff = deff) else svymean(~y., d, deff = deff)),
    form = form(ifelse(valid, y, 0), if (!total) as.numeric(valid), mask & valid))
})
ratio <- function(s, e, mask) {
  y <- s$data[[e$vars[1]]]; x <- s$data[[e$vars[2]]]
  valid <- !is.na(y) & !is.na(x)
  s$d$variables$y. <- ifelse(valid, y, 0); s$d$variables$x. <- ifelse(valid, x, 0)
  list(list(row = direct(s, e, mask, valid, function(d, deff) if (inherits(d, "svyrep.design")) svyratio(~y., ~x., d) else svyratio(~y., ~x., d, deff = deff)), form = form(s$d$variables$y., s$d$variables$x., mask & valid)))
}
share_interval <- function(d, method, level, df, n) { # of y.
  if (method != "beta") return(as.numeric(confint(svyciprop(~y., d, method = method, level = level, df = df))))
  m <- svymean(~y., d)
  p <- coef(m)[[1]]
  n <- p * (1 - p) / vcov(m)[1] * (qt((1 - level) / 2, n - 1) / qt((1 - level) / 2, df))^2
  c(qbeta((1 - level) / 2, n * p, n * (1 - p) + 1), qbeta((1 + level) / 2, n * p + 1, n * (1 - p)))
}
proportion <- function(s, e, mask) {
  y <- as.numeric(meets(s$text, e$indicator))
  valid <- !is.na(y)
  s$d$variables$y. <- ifelse(valid, y, 0)
  row <- direct(s, e, mask, valid, function(d, deff) svymean(~y., d, deff = deff))
  # Of Korn and Graubard's interval n is that of the rows used, with calibration too.
  if (isTRUE(row[["se"]] > 1e-10) && isTRUE(row[["df"]] > 0)) for (m in e$ci) {
    i <- share_interval(pick(s$d, mask & valid), m, e$level, row[["df"]], row[["n"]])
    if (m != "logit" || all(is.finite(i) & i > 1e-4 & i < 1 - 1e-4)) row[paste0(m, c(".lo", ".hi"))] <- i # the iteration of "logit" stops early
  }
  list(list(row = row, form = form(s$d$variables$y., as.numeric(valid), mask & valid)))
}
rule_of <- function(e) { # survey's rule hf4 goes on below the smallest value
  rule <- get(paste0("qrule_", e$rule), asNamespace("survey"))
  function(y, w, p) max(rule(y, w, p), min(y[w != 0]))
}
interval <- function(d, q, e, df, n) {
  y <- d$variables$y.
  d$variables$y. <- as.numeric(y <= q)
  rule <- rule_of(e)
  ends <- share_interval(d, e$ci, e$level, df, n)
  sapply(ends, function(p) if (is.nan(p) || p < 0 || p > 1) NaN else rule(y, as.numeric(weights(d, "sampling")), p))
}
quantiles <- function(s, e, mask) do.call(c, lapply(e$vars, function(v) {
  valid <- !is.na(s$data[[v]])
  u <- used(s, mask & valid); df <- df_of(s, mask & valid)
  lapply(e$p, function(p) {
    if (df < 1 || u[["n"]] < 2) return(list(row = u["n"]))
    s$d$variables$y. <- ifelse(valid, s$data[[v]], 0)
    d <- pick(s$d, mask & valid)
    q <- rule_of(e)(d$variables$y., as.numeric(weights(d, "sampling")), p)
    # Of replicates survey 4.1 takes the interval "mean" whatever is asked for; 4.5 takes what is.
    i <- suppressWarnings(interval(d, q, e, df, u[["n"]]))
    if (e$ci == "beta" && all(d$variables$y.[live(d) != 0] <= q)) return(list(row = c(estimate = q))) # all of the values: R has no interval
    list(row = row_of(c(estimate = q, se = (i[2] - i[1]) / (2 * qt((1 + e$level) / 2, df)), lo = i[1], hi = i[2]), u))
  })
}))
variances <- function(s, e, mask) lapply(e$vars, function(v) {
  valid <- !is.na(s$data[[v]])
  s$d$variables$y. <- ifelse(valid, s$data[[v]], 0)
  x <- svyvar(~y., pick(s$d, mask & valid))
  list(row = row_of(c(estimate = as.numeric(x), se = as.numeric(SE(x))), used(s, mask & valid)))
})
testable <- function(s, e, mask) {
  keep <- mask & Reduce(`&`, lapply(e$vars, function(v) !is.na(s$text[[v]])))
  s$d$variables[] <- s$d$variables
  for (v in e$vars[if (e$stat == "ttest") 2 else 1:2]) s$d$variables[[v]] <- factor(s$text[[v]], levels = by_value(unique(s$text[[v]][keep & s$w != 0])))
  list(d = pick(s$d, keep), keep = keep)
}
ttest <- function(s, e, mask) {
  t <- testable(s, e, mask)
  m <- svyglm(as.formula(paste(e$vars[1], "~", e$vars[2])), t$d)
  df <- df_of(s, t$keep) - 1
  v <- spread(coef(m)[[2]], SE(m)[[2]], df, e$level)
  list(list(row = row_of(c(v, t = coef(m)[[2]] / SE(m)[[2]], p_value = 2 * pt(-abs(coef(m)[[2]] / SE(m)[[2]]), df)), used(s, t$keep))))
}
chisq <- function(s, e, mask) {
  t <- testable(s, e, mask)
  x <- svychisq(columns(e$vars), t$d, statistic = e$test)
  df <- as.numeric(x$parameter[1]); nu <- df_of(s, t$keep) # R counts units without a complete row too
  ddf <- if (e$test == "F") df * nu else nu
  list(list(row = c(statistic = as.numeric(x$statistic), df = df, ddf = ddf, p_value = pf(as.numeric(x$statistic), df, ddf, lower.tail = FALSE))))
}
regression <- function(s, e, mask) {
  keep <- mask & Reduce(`&`, lapply(c(e$vars, e$terms), function(v) !is.na(s$text[[v]]))) & s$w != 0
  for (v in e$terms) if (is.factor(s$data[[v]])) s$d$variables[[v]] <- factor(s$data[[v]], levels = by_value(unique(as.character(s$data[[v]][keep]))))
  m <- svyglm(as.formula(paste(e$vars, "~", paste(e$terms, collapse = "+"))), pick(s$d, keep))
  df <- df_of(s, keep) + 1 - length(coef(m))
  lapply(seq_along(coef(m)), function(i) list(row = c(spread(coef(m)[[i]], SE(m)[[i]], df, e$level), t = coef(m)[[i]] / SE(m)[[i]])))
}
difference <- function(s, e, masks) {
  if (isTRUE(s$spec$design$adjust_domain_lonely)) return(NULL) # which strata are lonely depends on the domain
  y <- s$data[[e$vars]]; valid <- !is.na(y); y <- ifelse(valid, y, 0)
  rows <- list()
  for (i in seq_along(masks)) for (j in seq_along(masks)) if (i < j) {
    f <- Map(function(m) form(y, as.numeric(valid), m & valid), masks[c(i, j)])
    f <- list(y = cbind(f[[1]]$y, f[[2]]$y), x = cbind(f[[1]]$x, f[[2]]$x), a = c(1, -1))
    union <- masks[[i]] | masks[[j]]
    se <- sqrt(covariance(s, s$d, list(f))[1])
    est <- sum(f$a * colSums(s$w * f$y) / colSums(s$w * f$x))
    v <- spread(est, se, df_of(s, union & valid), e$level)
    lone <- min(used(s, masks[[i]] & valid)[["psus"]], used(s, masks[[j]] & valid)[["psus"]])
    rows <- c(rows, list(list(row = row_of(v, c(used(s, union & valid)[1:2], psus = lone))[names(v)], form = f, lone = lone < 2)))
  }
  rows
}
index <- function(s, e, mask) {
  scale <- if (is.null(e$scale)) c(0, 100) else e$scale
  valid <- lapply(e$items, function(q) s$data[[q]] %in% e$valid)
  score <- Map(function(q, v) ifelse(v, if (identical(e$score, "rescale")) (s$data[[q]] - min(e$valid)) / (max(e$valid) - min(e$valid)) else s$data[[q]] %in% e$satisfied, 0), e$items, valid)
  names(valid) <- names(score) <- e$items
  of <- function(weights) { # weights of items
    weights <- weights[weights != 0]
    y <- sapply(names(weights), function(q) ifelse(mask, score[[q]], 0)); x <- sapply(names(weights), function(q) ifelse(mask & valid[[q]], 1, 0))
    list(y = y, x = x, a = weights * diff(scale), lo = scale[1])
  }
  answered <- sapply(e$items, function(q) any(mask & valid[[q]] & s$w != 0)) # the others are left out of the means
  share <- function(names, parts) { parts <- Filter(Negate(is.null), parts[names]); if (length(parts)) Reduce(`+`, parts) / length(parts) }
  item <- lapply(setNames(e$items, e$items), function(q) if (answered[[q]]) setNames(as.numeric(e$items == q), e$items))
  group <- lapply(setNames(e$groups, sapply(e$groups, `[[`, "id")), function(g) share(g$items, item))
  part <- lapply(setNames(e$parts, sapply(e$parts, `[[`, "id")), function(p) share(p$groups, group))
  if (!all(answered)) return(rep(list(list()), length(item) + length(group) + length(part) + 1))
  overall <- switch(e$overall, mean_of_items = share(e$items, item), mean_of_groups = share(names(group), group), mean_of_parts = share(names(part), part), pooled = NULL)
  forms <- lapply(c(item, group, part), of)
  forms <- c(forms, list(if (!is.null(overall)) of(overall) else list(y = cbind(rowSums(sapply(score, function(x) ifelse(mask, x, 0)))),
    x = cbind(rowSums(sapply(valid, function(x) as.numeric(mask & x)))), a = diff(scale), lo = scale[1])))
  V <- covariance(s, s$d, forms)
  Map(function(f, i) {
    psus <- min(apply(f$x, 2, function(x) used(s, x != 0)[["psus"]]))
    list(row = c(estimate = f$lo + sum(f$a * colSums(s$w * f$y) / colSums(s$w * f$x)), se = if (psus > 1) sqrt(V[i, i]) else NA), form = f)
  }, forms, seq_along(forms))
}
statistics <- list(mean = means, total = means, ratio = ratio, proportion = proportion, quantile = quantiles, variance = variances,
  ttest = ttest, chisq = chisq, regression = regression, index = index)

for (file in sort(Sys.glob("*.R"))) {
  case <- sub(".R", "", file, fixed = TRUE)
  spec <- eval(parse(file))
  loaded <- read(spec$data)
  spec$text <- loaded$text
  answering <- seq_len(nrow(loaded$text))
  result <- tryCatch({
    d <- if (is.null(spec$replicates)) drawn(spec, loaded$data) else replicated(spec, loaded$data)
    if (!is.null(spec$nonresponse) && !inherits(d, "svyrep.design")) { # calibration in survey 4.1 takes rows of weight 0 for others
      keep <- live(d) != 0
      d <- d[keep, ]
      loaded <- lapply(loaded, function(x) x[keep, ])
      answering <- answering[keep]
    }
    for (step in spec$calibrate) d <- calibrated(d, step, spec$design$ids)
    d
  }, error = function(e) conditionMessage(e))
  if (is.character(result)) { cat(case, result, "\n"); put(case, "weights", 0, c(error = 1)); next }
  id <- if (length(spec$design$ids)) loaded$text[[spec$design$ids[1]]] else seq_len(nrow(loaded$text))
  stratum <- if (length(spec$design$strata)) loaded$text[[spec$design$strata[1]]] else rep(1, length(id))
  s <- list(spec = spec, d = result, text = loaded$text, data = loaded$data, w = live(result), psu = paste(stratum, id), stratum = stratum,
    rank = !is.null(spec$replicates$file))
  s$spec$text <- s$text
  put(case, "weights", 0, setNames(s$w, paste0("w", answering)))
  joint <- !isTRUE(spec$design$adjust_domain_lonely) && !isTRUE(spec$design$lonely_psu %in% c("adjust", "average"))
  for (e in spec$estimates) {
    if (is.null(e$level)) e$level <- 0.95
    masks <- groups(s, e)
    rows <- tryCatch(if (e$stat == "difference") difference(s, e, masks) else do.call(c, lapply(masks, function(m) unname(statistics[[e$stat]](s, e, m)))),
      error = function(err) { cat(case, e$id, e$stat, conditionMessage(err), "\n"); NULL })
    for (i in seq_along(rows)) put(case, e$id, i - 1, rows[[i]]$row)
    forms <- lapply(rows, `[[`, "form")
    if (!joint || !length(forms) || any(sapply(forms, is.null)) || any(sapply(rows, function(r) "n" %in% names(r$row) && r$row[["n"]] == 0))) next
    V <- tryCatch(covariance(s, s$d, forms), error = function(err) cat(case, e$id, "covariance", conditionMessage(err), "\n"))
    if (is.null(V)) next
    lone <- sapply(rows, function(r) is.na(r$row[["se"]]))
    V[lone, ] <- NA; V[, lone] <- NA
    for (i in seq_along(forms)) put(case, e$id, i - 1, setNames(V[i, ], paste0("cov", seq_along(forms) - 1)))
  }
}
writeLines(unlist(out), "expected.csv")
