"""Reference figures for the tests of packages/stats, from implementations other than ours.

    python3 -m venv /tmp/reference
    /tmp/reference/bin/pip install scipy==1.17.1 statsmodels==0.15.0 gbstats==0.8.0
    /tmp/reference/bin/python packages/stats/test/reference/make-reference.py
    npx biome format --write packages/stats/test/reference/reference.json

Raw values are drawn here (seeded), reduced to sums for us, and judged as they are by SciPy, statsmodels and GrowthBook's
gbstats. What none of them has is computed another way than ours: likelihood ratios and losses by quadrature, deltas by
numerical derivatives, bounds by root finding.
"""

import json
from pathlib import Path

import numpy as np
import statsmodels.api as sm
from gbstats.bayesian.tests import EffectBayesianABTest, EffectBayesianConfig, GaussianPrior
from gbstats.frequentist.tests import FrequentistConfig, SequentialConfig, SequentialTwoSidedTTest, TwoSidedTTest
from gbstats.models.statistics import SampleMeanStatistic
from scipy import integrate, optimize, special, stats
from statsmodels.stats._delta_method import NonlinearDeltaCov
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.oneway import anova_oneway
from statsmodels.stats.power import NormalIndPower

draws = np.random.default_rng(20260714)


def plain(value):
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return {name: plain(part) for name, part in value.items()}
    if isinstance(value, (list, tuple, np.ndarray)):
        return [plain(part) for part in value]
    return int(value) if isinstance(value, (int, np.integer)) else float(value)


def mean_stats(values):
    return {"n": len(values), "sum": values.sum(), "sumOfSquares": (values**2).sum()}


def pair_stats(x, y):
    return {
        "n": len(x),
        "sumX": x.sum(),
        "sumY": y.sum(),
        "sumXX": (x * x).sum(),
        "sumYY": (y * y).sum(),
        "sumXY": (x * y).sum(),
    }


def distributions():
    z = np.array([-40, -8.2, -3.1, -1.0, -1e-3, 0, 0.5, 1.96, 2.9999, 3, 5.5, 30])
    shares = np.array([1e-300, 1e-12, 1e-4, 0.02425, 0.2, 0.5, 0.7, 0.975, 0.9999, 1 - 1e-9])
    t = [(t, df) for t in (-3.0, 0.01, 0.7, 2.1, 9.0, 40.0) for df in (1, 2.5, 7.3, 60, 1e4, 9e5, 3e7)]
    t_quantiles = [(p, df) for p in (0.01, 0.6, 0.95, 0.975, 0.9995) for df in (1, 2.5, 30, 4321.5)]
    chi = [(x, df) for x in (0.01, 1, 6.6, 40, 300) for df in (1, 2, 5, 60, 250)]
    f = [(x, a, b) for x in (0.1, 1, 3.3, 12) for a in (1, 2, 7) for b in (4.5, 90, 8000)]
    binomial = [(60, 100, 0.5), (8, 9, 0.5), (500500, 1000000, 0.5), (31, 2000, 0.01), (1, 50, 0.01), (50, 50, 0.9)]
    beta = [(a, b, x) for a in (0.5, 2, 90.5) for b in (0.5, 3, 400) for x in (1e-6, 0.1, 0.5, 0.98)]
    return {
        "normalTail": [(v, stats.norm.sf(v)) for v in z],
        "normalQuantile": [(v, stats.norm.ppf(v)) for v in shares],
        "studentTail": [(a, b, stats.t.sf(a, b)) for a, b in t],
        "studentQuantile": [(a, b, stats.t.ppf(a, b)) for a, b in t_quantiles],
        "chiSquareTail": [(a, b, stats.chi2.sf(a, b)) for a, b in chi],
        "fisherTail": [(x, a, b, stats.f.sf(x, a, b)) for x, a, b in f],
        "binomialTail": [(k, n, p, stats.binom.sf(k - 1, n, p)) for k, n, p in binomial],
        "incompleteBeta": [(a, b, x, special.betainc(a, b, x)) for a, b, x in beta],
        "logGamma": [(x, special.gammaln(x)) for x in (1e-3, 0.5, 1.5, 3, 11.9, 12, 170.5, 1e6)],
    }


def arms():
    return {
        "revenue": (draws.gamma(0.7, 9, 640), draws.gamma(0.75, 9.3, 712)),
        "converted": ((draws.random(5200) < 0.083) * 1.0, (draws.random(5077) < 0.101) * 1.0),
        "small": (draws.normal(12, 2, 29), draws.normal(9.5, 5, 33)),
        "fewer": (draws.poisson(4.1, 30000) * 1.0, draws.poisson(4.02, 10000) * 1.0),
    }


def comparison(name, control, treatment):
    welch = stats.ttest_ind(treatment, control, equal_var=False)
    ci = welch.confidence_interval(0.95)
    a, b = (SampleMeanStatistic(n=len(v), sum=v.sum(), sum_squares=(v**2).sum()) for v in (control, treatment))
    lift = TwoSidedTTest(a, b, FrequentistConfig(difference_type="relative", alpha=0.05))
    out = {
        "name": name,
        "control": mean_stats(control),
        "treatment": mean_stats(treatment),
        "welch": {
            "absolute": [treatment.mean() - control.mean(), ci.low, ci.high],
            "relative": [lift.point_estimate, *lift.confidence_interval],
            "p": welch.pvalue,
            "degrees": welch.df,
        },
        "sequential": [sequential(a, b, *setting) for setting in ((0.05, 5000), (0.01, 800))],
        "msprt": [msprt(control, treatment, tau, alpha) for tau, alpha in ((0.1, 0.05), (0.9, 0.01))],
        "bayes": [bayes(a, b, inverse) for inverse in (False, True)],
        "guardrail": guardrail(control, treatment, 0.02, 0.05, 5000),
    }
    return out


def sequential(a, b, alpha, expected):
    def test(kind):
        settings = SequentialConfig(alpha=alpha, sequential_tuning_parameter=expected, difference_type=kind)
        return SequentialTwoSidedTTest(a, b, settings)

    absolute, relative = test("absolute"), test("relative")
    return {
        "alpha": alpha,
        "expectedUnits": expected,
        "absolute": [absolute.point_estimate, *absolute.confidence_interval],
        "relative": [relative.point_estimate, *relative.confidence_interval],
        "p": absolute.p_value,
    }


def msprt(control, treatment, tau, alpha):
    difference = treatment.mean() - control.mean()
    error = np.sqrt(control.var(ddof=1) / len(control) + treatment.var(ddof=1) / len(treatment))

    def log_ratio(distance):
        centre = distance * tau**2 / (tau**2 + error**2)
        width = 1 / np.sqrt(1 / tau**2 + 1 / error**2)
        exponent = lambda theta: (distance * theta - theta**2 / 2) / error**2 - theta**2 / (2 * tau**2)
        peak = exponent(centre)
        area, _ = integrate.quad(
            lambda theta: np.exp(exponent(theta) - peak), centre - 12 * width, centre + 12 * width, epsabs=0, epsrel=1e-12
        )
        return peak + np.log(area / (np.sqrt(2 * np.pi) * tau))

    reach = optimize.brentq(lambda d: log_ratio(d) + np.log(alpha), 0, 50 * error, xtol=1e-15, rtol=1e-14)
    return {
        "tau": tau,
        "alpha": alpha,
        "logLikelihoodRatio": log_ratio(difference),
        "p": min(1, np.exp(-log_ratio(difference))),
        "absolute": [difference, difference - reach, difference + reach],
    }


def bayes(a, b, inverse):
    prior = GaussianPrior(mean=0, variance=0.3**2, proper=True)
    settings = EffectBayesianConfig(difference_type="relative", prior_effect=prior, inverse=inverse)
    result = EffectBayesianABTest(a, b, settings).compute_result()
    posterior = stats.norm(result.uplift.mean, result.uplift.stddev)
    reach = result.uplift.stddev * 14

    def loss(sign):
        low, high = (0, posterior.mean() + reach) if sign > 0 else (posterior.mean() - reach, 0)
        value, _ = integrate.quad(
            lambda lift: abs(lift) * posterior.pdf(lift), low, high, epsabs=0, epsrel=1e-11, limit=400
        )
        return value if low < high else 0.0

    rises, falls = loss(+1), loss(-1)
    return {
        "better": "down" if inverse else "up",
        "lift": [result.expected, *result.ci],
        "chanceToWin": result.chance_to_win,
        "ship": rises if inverse else falls,
        "keep": falls if inverse else rises,
    }


def guardrail(control, treatment, allowed, alpha, expected):
    """Proposition B.1 of Waudby-Smith et al.: the bound solved for as the root of its one-sided mixture."""
    groups = np.repeat([0, 1], [len(control), len(treatment)])
    fit = sm.OLS(np.concatenate([control, treatment]), np.column_stack([groups == 0, groups == 1]) * 1.0).fit()
    variances = [max(arm.var(ddof=1), fit.mse_resid) / len(arm) for arm in (control, treatment)]
    contrast = np.array([-(1 - allowed), 1.0])
    value = float(contrast @ fit.params)
    error = float(np.sqrt(contrast**2 @ variances))
    units = len(control) + len(treatment)
    surprise = -2 * np.log(2 * alpha)
    scale = units * (surprise + np.log(surprise + 1)) / expected
    gap = lambda width: np.expm1(width**2 * scale / (2 * (scale + 1))) - np.sqrt(scale + 1) / (2 * alpha)
    reach = error * optimize.brentq(gap, 1e-3, 20, xtol=1e-14)
    state = "breached" if value + reach < 0 else "kept" if value - reach > 0 else "open"
    return {"allowed": allowed, "state": state, "margin": [value, value - reach, value + reach]}


def ratio():
    searches = draws.poisson(3, 900) + 1.0
    clicks = draws.binomial(searches.astype(int), draws.beta(2, 5, 900)) * 1.0
    delta = NonlinearDeltaCov(
        lambda m: np.array([m[1] / m[0]]),
        np.array([searches.mean(), clicks.mean()]),
        np.cov(searches, clicks) / len(searches),
    )
    return {
        "stats": pair_stats(searches, clicks),
        "mean": clicks.sum() / searches.sum(),
        "variance": float(np.squeeze(delta.cov())) * len(searches),
    }


def cuped():
    before = [draws.gamma(2, 3, n) for n in (500, 620, 410)]
    after = [0.8 * x + 0.05 * x**1.3 + draws.normal(1 + 0.2 * arm, 2, len(x)) for arm, x in enumerate(before)]
    arm_of = np.repeat(np.arange(3), [len(x) for x in before])
    x, y = np.concatenate(before), np.concatenate(after)
    design = np.column_stack([np.ones(len(x)), arm_of == 1, arm_of == 2, x]).astype(float)
    fit = sm.OLS(y, design).fit()
    theta = fit.params[3]
    within = [np.cov(a, b) * (len(a) - 1) for a, b in zip(before, after)]
    cov = sum(within)
    return {
        "arms": [pair_stats(a, b) for a, b in zip(before, after)],
        "theta": theta,
        "differences": [fit.params[1], fit.params[2]],
        "variances": [(b - theta * a).var(ddof=1) for a, b in zip(before, after)],
        "means": [(b - theta * (a - x.mean())).mean() for a, b in zip(before, after)],
        "correlation": cov[0, 1] / np.sqrt(cov[0, 0] * cov[1, 1]),
    }


def splits():
    cases = [([5021, 4979], [1, 1]), ([26000, 24000], [1, 1]), ([8950, 510, 540], [0.9, 0.05, 0.05]), ([7, 13], [1, 2])]
    out = []
    for counts, weights in cases:
        expected = np.sum(counts) * np.array(weights) / np.sum(weights)
        result = stats.chisquare(counts, expected)
        shares = np.array(weights) / np.sum(weights)
        free = stats.dirichlet_multinomial(500 * shares, np.sum(counts)).logpmf(counts)
        sequential = min(1, np.exp(stats.multinomial(np.sum(counts), shares).logpmf(counts) - free))
        out.append(
            {
                "counts": counts,
                "weights": weights,
                "chiSquare": result.statistic,
                "p": result.pvalue,
                "sequentialP": sequential,
            }
        )
    return out


def exposures():
    return [
        {"multiple": k, "units": n, "limit": limit, "p": stats.binomtest(k, n, limit, alternative="greater").pvalue}
        for k, n, limit in ((31, 2000, 0.01), (9, 1000, 0.01), (90, 4000, 0.015), (0, 50, 0.01))
    ]


def pre_period():
    out = []
    for shift in (0.0, 0.9):
        groups = [draws.gamma(2, 3, 200), draws.gamma(2, 3, 350) + shift, draws.gamma(2.2, 4, 150)]
        for arms_of in (groups, groups[:2]):
            result = anova_oneway(arms_of, use_var="unequal", welch_correction=True)
            out.append({"arms": [mean_stats(g) for g in arms_of], "f": result.statistic, "p": result.pvalue})
    return out


def power():
    solver = NormalIndPower()
    out = []
    for variance, effect, split, alpha, wanted in (
        (0.09, 0.01, (1, 1), 0.05, 0.8),
        (4.0, 0.3, (9, 1), 0.05, 0.9),
        (120.0, 0.4, (1, 2), 0.01, 0.8),
    ):
        ratio_of = split[1] / split[0]
        size = effect / np.sqrt(variance)
        control = ((stats.norm.ppf(1 - alpha / 2) + stats.norm.ppf(wanted)) / size) ** 2 * (1 + 1 / ratio_of)
        units = int(np.ceil(control * (1 + ratio_of)))

        def error(n):
            return np.sqrt(variance * (1 / (n * split[0] / sum(split)) + 1 / (n * split[1] / sum(split))))

        def width(n, expected=5000):
            surprise = -2 * np.log(alpha)
            scale = n * (surprise + np.log(surprise + 1)) / expected
            return np.sqrt(2 * (scale + 1) / scale * np.log(np.sqrt(scale + 1) / alpha))

        gap = lambda n: effect / error(n) - width(n) - stats.norm.ppf(wanted)
        out.append(
            {
                "variance": variance,
                "effect": effect,
                "split": split,
                "alpha": alpha,
                "power": wanted,
                "units": units,
                "powerAtUnits": solver.power(size, units / (1 + ratio_of), alpha, ratio_of),
                "powerAtHalf": solver.power(size, units / 2 / (1 + ratio_of), alpha, ratio_of),
                "sequentialUnits": int(np.ceil(optimize.brentq(gap, 10, 1e8, xtol=1e-6))),
            }
        )
    return out


def winsorised():
    values = np.round(draws.lognormal(1, 1.2, 400), 2)
    values[:120] = 0
    low, high = np.percentile(values, [5, 99])
    unique, counts = np.unique(values, return_counts=True)
    capped = np.clip(values, low, high)
    return {
        "values": list(zip(unique, counts)),
        "caps": [low, high],
        "highAmongOthers": np.percentile(values[values != 0], 99),
        "mean": capped.mean(),
        "variance": capped.var(ddof=1),
        "cappedHigh": int((values > high).sum()),
        "cappedLow": int((values < low).sum()),
    }


def corrections():
    p = [0.04, 0.001, 0.03, 0.2, 0.012, 0.9, 0.012]
    return {
        "p": p,
        "holm": multipletests(p, method="holm")[1],
        "benjaminiHochberg": multipletests(p, method="fdr_bh")[1],
    }


def interleaving():
    searches = draws.poisson(2.5, 150) + 1
    searches[3] = 61
    wins = draws.binomial(searches, draws.beta(3, 5, 150))
    losses = draws.binomial(searches - wins, 0.45)
    ties = searches - wins - losses
    within = np.minimum(searches, 20)
    share = (wins + ties / 2) / searches
    rows = np.repeat(np.arange(150), within)
    fit = sm.OLS(share[rows] - 0.5, np.ones(len(rows))).fit(cov_type="cluster", cov_kwds={"groups": rows})
    low, high = fit.conf_int(0.05)[0]
    sign = stats.binomtest(int((wins > losses).sum()), int((wins != losses).sum()), 0.5)
    return {
        "users": [list(user) for user in zip(wins, ties, losses)],
        "delta": [fit.params[0], low, high],
        "standardError": fit.bse[0],
        "p": fit.pvalues[0],
        "signP": sign.pvalue,
    }


def thompson():
    beta = [(30, 270), (41, 262), (38, 259)]
    others = lambda x, arm: np.prod([stats.beta.cdf(x, 1 + s, 1 + f) for i, (s, f) in enumerate(beta) if i != arm])
    chance = lambda arm: integrate.quad(
        lambda x: stats.beta.pdf(x, 1 + beta[arm][0], 1 + beta[arm][1]) * others(x, arm), 0, 0.4
    )[0]
    return {"arms": beta, "chances": [chance(arm) for arm in range(3)]}


reference = {
    "distributions": distributions(),
    "comparisons": [comparison(name, *pair) for name, pair in arms().items()],
    "ratio": ratio(),
    "cuped": cuped(),
    "splits": splits(),
    "exposures": exposures(),
    "prePeriod": pre_period(),
    "power": power(),
    "winsorised": winsorised(),
    "corrections": corrections(),
    "interleaving": interleaving(),
    "thompson": thompson(),
}


Path(__file__).with_name("reference.json").write_text(json.dumps(plain(reference), allow_nan=False) + "\n")
