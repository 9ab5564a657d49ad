# What both R scripts share. Columns are read with their types given, which is
# what base R reads fastest.
items <- paste0("q", 1:22)
groups <- split(items, c(rep(1:5, each = 4), 6, 6))
labels <- c(items, paste0("g", 1:6), "overall")

people <- function(folder, rows) {
  what <- c(list(stratum = "", psu = "", commune = "", w = 0, sex = "", age = "", area = ""), setNames(rep(list(0L), 22), items))
  as.data.frame(scan(file.path(folder, paste0("people-", rows, ".csv")), what = what, sep = ",", skip = 1, quiet = TRUE))
}

# Everybody answered everything, so an element's mean over people is the mean of
# its items' means, and svymean takes all figures in one call.
scored <- function(d) {
  for (q in items) d[[q]] <- 100 * (d[[q]] >= 4)
  for (k in 1:6) d[[paste0("g", k)]] <- Reduce(`+`, d[groups[[k]]]) / length(groups[[k]])
  d$overall <- Reduce(`+`, d[paste0("g", 1:6)]) / 6
  d
}

margins <- function(folder) read.csv(file.path(folder, "margins.csv"), colClasses = c("character", "character", "numeric"))

factors <- function(folder) {
  f <- scan(file.path(folder, "replicates.csv"), what = c(list(""), rep(list(0), 500)), sep = ",", skip = 1, quiet = TRUE)
  m <- do.call(cbind, f[-1])
  rownames(m) <- f[[1]]
  m
}

show <- function(group, label, estimate, se)
  cat(sprintf("%s,%s,%.15g,%.15g\n", group, label, estimate, se), sep = "")
