namespace FusionKernels.Tests.Infrastructure;

/// <summary>Every tolerance of the test suite, with its reason.</summary>
internal static class Tolerances
{
    /// <summary>
    /// Largest errors of the elementary functions, in units in the last place of the exact result, over all arguments.
    /// The bounds in float32 were met by all 2^32 arguments.
    /// </summary>
    internal static class Ulps
    {
        /// <summary>float32, where a * b + c rounds once.</summary>
        public static readonly ElementaryUlps SingleFused = new(Exp: 1.0, Log: 1.0, Tanh: 1.5, SinSquaredPi: 3.0);

        /// <summary>float32, where a * b + c rounds twice.</summary>
        public static readonly ElementaryUlps SingleUnfused = new(Exp: 1.3, Log: 1.0, Tanh: 1.5, SinSquaredPi: 3.0);

        /// <summary>float64, where a * b + c rounds once.</summary>
        public static readonly ElementaryUlps DoubleFused = new(Exp: 1.0, Log: 1.0, Tanh: 1.5, SinSquaredPi: 3.0);

        /// <summary>float64, where a * b + c rounds twice.</summary>
        public static readonly ElementaryUlps DoubleUnfused = new(Exp: 1.3, Log: 1.0, Tanh: 1.5, SinSquaredPi: 3.0);
    }

    /// <summary>
    /// Largest error of a matrix product's element, relative to the same product of magnitudes: each of the depth + 3
    /// roundings (the sum's, alpha's, beta's and the last sum's) contributes at most half a unit in the last place, in any order
    /// of summation; doubled for the second roundings where multiply-add is not fused.
    /// </summary>
    public static double Product<T>(int depth) => (depth + 3) * (typeof(T) == typeof(float) ? Math.Pow(2, -23) : Math.Pow(2, -52));

    /// <summary>
    /// Largest error of a Gram matrix's element, relative to 1 plus the kernel of the magnitudes: half a unit in the last place
    /// for each feature's multiply-add, up to 256 for a squared distance from norms and dot product (see
    /// <c>PairDistance.Near</c>), a few for the function and the steps of a composed kernel.
    /// </summary>
    public static double Gram<T>(int features) => (features + 300) * Epsilon<T>();

    /// <summary>
    /// How far below 0 the smallest eigenvalue of a positive semi-definite Gram matrix of values up to 1 may come: the errors
    /// of n independent elements in a row, a unit in the last place each, add up like the square root of n; times 16. The oracle
    /// itself, in float64, is off by a few units in the last place of the largest eigenvalue, which is up to n.
    /// </summary>
    public static double Eigenvalue<T>(int rows) => (16 * Math.Sqrt(rows) * Epsilon<T>()) + (4 * rows * Epsilon<double>());

    /// <summary>Largest error of a sum of so many products whose magnitudes add up to 1, one rounding each, and of its terms.</summary>
    public static double Sum<T>(int terms, double termError) => ((terms + 16) * Epsilon<T>()) + termError;

    /// <summary>
    /// The same of many independent terms, whose roundings add up like the square root of their number; times 4. Of 100 000 terms that is
    /// 1.5e-4, where a whole tile of them could be missing within the bound above.
    /// </summary>
    public static double LongSum<T>(int terms, double termError) => (4 * Math.Sqrt(terms) * Epsilon<T>()) + termError;

    /// <summary>Largest relative residual |Y - A X| / |Y| of a refined solve in float64: the residual itself carries as many roundings as A has columns.</summary>
    public static double Residual(int size) => (size + 16) * Epsilon<double>();

    /// <summary>Largest error of A - L Lᵀ, relative to the diagonal (Higham 2002, theorem 10.3), doubled.</summary>
    public static double Cholesky<T>(int size) => 2 * (size + 1) * Epsilon<T>();

    /// <summary>As <see cref="Cholesky{T}"/> in float64.</summary>
    public static double Cholesky(int size) => Cholesky<double>(size);

    /// <summary>
    /// Largest relative residual and departure from orthogonality of a QR factorisation: roundings of each reflector along a column
    /// add up like the root of its length (Higham 2002, theorem 19.4 and the remark after it), times 16.
    /// </summary>
    public static double Qr<T>(int rows, int columns) => 16 * (Math.Sqrt(rows) + columns + 4) * Epsilon<T>();

    /// <summary>
    /// Largest error of an incomplete factor, relative to the largest diagonal: the kernel's own in its precision, met by every column,
    /// and the noise that is left unfactored, 32 units in the last place.
    /// </summary>
    public static double IncompleteCholesky<T>(int features, int rank) => Gram<T>(features) + ((32 + rank) * Epsilon<T>());

    /// <summary>
    /// Largest residual of an eigenvector or a singular vector relative to the norm of the matrix, and largest element of
    /// V V' - I: each of about eight sweeps turns every element once for every row, with a few roundings a turn, which add up like
    /// the root of their number; block products add one for each row of a pair.
    /// </summary>
    public static double Jacobi<T>(int order) => (16 + (4 * Math.Sqrt(8.0 * order))) * Epsilon<T>();

    /// <summary>
    /// Largest residual of eigenvectors or singular vectors relative to the norm of the matrix, and largest element of VᵀV - I, on the
    /// host in float64: an element meets a few roundings for each reflector and merge, which add up like the root of their number.
    /// </summary>
    public static double Spectrum(int order) => (16 + (8 * Math.Sqrt(order))) * Epsilon<double>();

    /// <summary>
    /// Largest residual of a symmetric pair relative to |A| |X|, distance of Xᵀ B X from I, and error of an eigenvalue relative to the
    /// largest, for B whose condition is a few: two solves and a factorisation before the spectrum's own, and one solve after it.
    /// </summary>
    public static double GeneralizedEigen<T>(int order) => 4 * Jacobi<T>(order);

    /// <summary>
    /// Largest error of a soft alignment's value: a rounding or two for each channel of every cost along the path, relative to
    /// the value, and a few for every cell, relative to gamma; costs against gamma count as far as they do not cancel.
    /// </summary>
    public static double Soft<T>(int steps, int channels, double value, double gamma) =>
        Epsilon<T>() * (((4 + channels) * (Math.Abs(value) + (2 * steps))) + (4 * steps * gamma));

    /// <summary>
    /// The same where cells are logarithms, as values on devices are: every step of a path rounds a number as large as the value,
    /// or as the logarithm of the number of alignments times gamma, and so does each of its exponentials.
    /// </summary>
    public static double SoftLogarithm<T>(int steps, int channels, double value, double gamma) =>
        Soft<T>(steps, channels, value, gamma) + (2 * steps * Epsilon<T>() * (Math.Abs(value) + (steps * gamma)));

    /// <summary>
    /// Largest error of an alignment's value, relative to 1 plus the value: at most so many costs are added up, each with a
    /// rounding for every channel and a few of its own, each sum with another, and prepared values bring theirs. A root near 0
    /// turns an error e into its root.
    /// </summary>
    public static double Warping<T>(int steps, int channels, bool isRoot)
    {
        double error = (steps + channels + 16) * 4 * Epsilon<T>();
        return isRoot ? Math.Max(error, Math.Sqrt(error) * 1e-2) : error;
    }

    /// <summary>Largest slack of an assignment's duals in float64: every augmentation may add a rounding of the largest dual, and duals of random costs hardly exceed so many costs.</summary>
    public static double Assignment(int size, double largest) => (size + 16) * Epsilon<double>() * largest;

    /// <summary>
    /// Largest error of a canonical correlation of views whose condition is 100 or less: a covariance carries the rounding of
    /// each column's products, about as many units as there are columns, and whitening multiplies it by the condition.
    /// </summary>
    public static double Correlation<T>(int columns) => 100 * (16 + columns) * Epsilon<T>();

    /// <summary>
    /// Largest error of an attention output of values up to 1, or of its log-sum-exp: a score of that magnitude carries a rounding for
    /// every feature and a few of its rules, its exponential the same relative error; weights add up with a rounding for each key,
    /// which add up like the root of their number.
    /// </summary>
    public static double Attention<T>(int width, int keys, double magnitude) =>
        ((Math.Sqrt(width) + 8) * magnitude + Math.Sqrt(keys) + 8) * 2 * Epsilon<T>();

    /// <summary>
    /// Largest error of a statistic of a window of samples in [-1, 1): differences of up to 2 are added up with two roundings each,
    /// which grow like the root of their number, and a root near 0 turns the mean's error into itself.
    /// </summary>
    public static double Moving<T>(int window) => 4 * (Math.Sqrt(window) + 4) * Epsilon<T>();

    /// <summary>A unit in the last place of 1.</summary>
    public static double Epsilon<T>() => typeof(T) == typeof(float) ? Math.Pow(2, -23) : Math.Pow(2, -52);

    /// <summary>Gradients in float64 against central differences with a step of 1e-5: their error of third order and the rounding of values over the step, both below 1e-9 for values about 1.</summary>
    public const double GradientAgainstDifferences = 1e-7;

    /// <summary>Losses of one small float32 network on two engines over 100 steps: roundings of 1e-7 that a hundred steps of Adam, each relative to the gradient's size, carry on.</summary>
    public const double LossAfterAHundredSteps = 1e-3;
}
