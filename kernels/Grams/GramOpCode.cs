namespace FusionKernels.Kernels.Grams;

/// <summary>What one step of a <see cref="GramProgram"/> pushes on the stack of values, or does with what stands there.</summary>
internal enum GramOpCode
{
    /// <summary>x.y.</summary>
    Linear,

    /// <summary>(A x.y + B)^Index.</summary>
    Polynomial,

    /// <summary>exp(-A |x - y|^2).</summary>
    Rbf,

    /// <summary>exp(-A |x - y|_1).</summary>
    Laplacian,

    /// <summary>exp(-A |x - y|).</summary>
    Exponential,

    /// <summary>tanh(A x.y + B).</summary>
    Sigmoid,

    /// <summary>x.y / (|x| |y|).</summary>
    Cosine,

    /// <summary>exp(-A sum (x - y)^2 / (x + y)).</summary>
    ChiSquared,

    /// <summary>-sum (x - y)^2 / (x + y).</summary>
    AdditiveChiSquared,

    /// <summary>Matern of nu 3/2, A = sqrt(3) / l.</summary>
    Matern32,

    /// <summary>Matern of nu 5/2, A = sqrt(5) / l.</summary>
    Matern52,

    /// <summary>(1 + B |x - y|^2)^-A, B = 1 / (2 A l^2).</summary>
    RationalQuadratic,

    /// <summary>exp(-A sum sin^2(pi (x - y) B)), A = 2 / l^2, B = 1 / p.</summary>
    Periodic,

    /// <summary>|x - y|, times A: no kernel of a feature space itself, but what distance covariance reads.</summary>
    Distance,

    /// <summary>Element (i, j) of given matrix number Index.</summary>
    Precomputed,

    /// <summary>Pops two, pushes their sum.</summary>
    Add,

    /// <summary>Pops two, pushes their product.</summary>
    Multiply,

    /// <summary>Multiplies the top by A.</summary>
    Scale,

    /// <summary>Top - rowMean(i) - columnMean(j) + mean: centring in feature space, by the means of the columns' set.</summary>
    Centre,

    /// <summary>Top / sqrt(k(x, x) k(y, y)); 0 where either is 0.</summary>
    Normalise,
}
