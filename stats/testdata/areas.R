# Expected values of smallarea_test.go: the Fay-Herriot model by direct maximisation of
# the (restricted) likelihood and by the textbook formulas with matrices, base R only.
#   Rscript areas.R [milk.csv]
fit <- function(X, y, D, method) {
  loglik <- function(A) {
    v <- A + D; N <- t(X) %*% (X / v); b <- solve(N, t(X) %*% (y / v)); r <- y - X %*% b
    -0.5 * (sum(log(v)) + sum(r^2 / v) + if (method == "reml") log(det(N)) else 0)
  }
  slope <- function(A) { h <- 1e-4 * A; (8 * (loglik(A + h) - loglik(A - h)) - (loglik(A + 2 * h) - loglik(A - 2 * h))) / (12 * h) }
  A <- uniroot(slope, c(1e-4, 300), tol = 1e-16)$root
  V <- diag(1 / (A + D)); Q <- solve(t(X) %*% V %*% X); b <- Q %*% t(X) %*% V %*% y
  B <- D / (A + D); I <- sum((A + D)^-2)
  mse <- A * B + B^2 * diag(X %*% Q %*% t(X)) + 2 * B^2 / (A + D) * 2 / I
  if (method == "ml") mse <- mse + B^2 * sum(diag(Q %*% t(X) %*% V %*% V %*% X)) / I
  list(A = A, beta = c(b), eblup = c(X %*% b + A * V %*% (y - X %*% b)), mse = mse)
}
show <- function(name, X, y, D, at) for (method in c("reml", "ml")) {
  f <- fit(X, y, D, method)
  cat(name, method, "\n  A    ", format(f$A, digits = 10), "\n  beta ", format(f$beta, digits = 10),
      "\n  eblup", format(f$eblup[at], digits = 10), "\n  mse  ", format(f$mse[at], digits = 10), "\n")
}
show("invented", cbind(1, c(1, 2, 3, 4, 5, 6, 7, 8)), c(70.1, 78.4, 71.9, 83.6, 80.2, 74.4, 88.8, 86.1),
     c(3, 2, 6, 1, 4, 9, 2, 5), 1:8)
file <- commandArgs(TRUE)
if (length(file)) {
  m <- read.csv(file)
  show("milk", model.matrix(~factor(MajorArea), m), m$yi, m$SD^2, c(1, 2, 10, 22, 43))
}
