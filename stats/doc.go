// Package stats estimates means, totals, ratios, proportions and indices from
// probability samples, with the variance that the design calls for.
//
// Every estimator starts from a [Design]: strata, sampling units of each stage,
// weights and finite populations. A bare column cannot be estimated. A design
// that is ambiguous (a missing weight, a unit's label in two strata, a stratum
// of one unit, a finite population that could be a size or a rate) is an error
// with a code; the ways out are named options.
//
// An estimator yields its [Linear] form: the value and the linearised value of
// each row. [Design.Estimate] turns a form into an [Estimate] and [Design.Joint]
// several of them into estimates with their covariance, so that a contrast, a
// domain and an index are all computed by the same few lines.
//
// [Tally] is the same for a million rows: sums in cells, made in one pass, added
// across machines, written out and read back; from them the [Index] and its
// covariance follow exactly. Cells are rows of a design of their own: a column of
// [Numbers] then says what the people of each cell have ([CellValues]), and every
// estimator, calibration and replicate goes through the same lines as for people.
//
// Weights are sampling weights (how many people a row stands for), never
// frequencies. What cannot be estimated is NaN and comes with a warning; it is
// never 0.
//
// The variance is that of the with-replacement or multistage without-replacement
// estimator by linearisation: Särndal, Swensson and Wretman, Model Assisted
// Survey Sampling (1992), ch. 4 and 5; it follows R's survey package (Lumley,
// Complex Surveys, 2010) wherever both define a figure.
package stats
