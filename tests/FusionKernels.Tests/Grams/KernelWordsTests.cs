using NUnit.Framework;

namespace FusionKernels.Tests.Grams;

/// <summary>Kernels in words: what a kernel says of itself is read back to the same steps, and other words are refused.</summary>
[Parallelizable]
public sealed class KernelWordsTests
{
    private static readonly Kernel[] s_kernels =
    [
        Kernel.Linear(), Kernel.Polynomial(), Kernel.Polynomial(0.1, -2.5, 0), Kernel.Rbf(), Kernel.Rbf(1e-7), Kernel.Laplacian(1.0 / 3), Kernel.Exponential(), Kernel.Sigmoid(coef0: -1), Kernel.Cosine(),
        Kernel.ChiSquared(), Kernel.AdditiveChiSquared(), Kernel.Matern(0.5, 2), Kernel.Matern(), Kernel.Matern(2.5), Kernel.RationalQuadratic(0.5, Math.Sqrt(14)), Kernel.Periodic(7, 0.1),
        Kernel.Linear() + Kernel.Rbf() + Kernel.Cosine(), Kernel.Linear() + (Kernel.Rbf() + Kernel.Cosine()), Kernel.Linear() * Kernel.Rbf() * Kernel.Cosine(), Kernel.Linear() * (Kernel.Rbf() * Kernel.Cosine()),
        (0.5 * Kernel.Rbf(0.1)) + (-1e-3 * Kernel.Linear()), 2 * (3 * Kernel.Linear()), 0.5 * (Kernel.Rbf() + Kernel.Linear()), 0.5 * (Kernel.Rbf() * Kernel.Linear()), (0.5 * Kernel.Rbf()) * (0.25 * Kernel.Linear()),
        (Kernel.Rbf() + Kernel.Linear()).Normalized().Centered(), Kernel.Rbf().On(1..3) * Kernel.Linear().On(^4..^0), (2 * Kernel.Rbf()).On(..5), ((2 * (Kernel.Rbf() + Kernel.Linear())).On(1..) + Kernel.Cosine()).On(..^1),
    ];

    [TestCaseSource(nameof(s_kernels))]
    public void A_kernel_is_read_back_from_its_words(Kernel kernel)
    {
        Kernel read = Kernel.Parse($"{kernel}");
        Assert.That($"{read}", Is.EqualTo($"{kernel}"));
        Assert.That(read.Compile(7).Program.Ops, Is.EqualTo(kernel.Compile(7).Program.Ops));
    }

    [TestCase("", "a kernel of the table")]
    [TestCase("rbf", "'gamma' of rbf")]
    [TestCase("rbf(gamma=0)", "gamma must be a finite number above 0")]
    [TestCase("rbf(gamma=NaN)", "a finite number")]
    [TestCase("rbf(gamma=1, gamma=2)", "'gamma' once")]
    [TestCase("rbf(gamma=1, nu=2)", "a kernel of the table")]
    [TestCase("polynomial(gamma=1, coef0=1, degree=2.5)", "degree")]
    [TestCase("linear + ", "a kernel of the table")]
    [TestCase("linear linear", "the end")]
    [TestCase("(linear", "')'")]
    [TestCase("linear[1..", "a place")]
    [TestCase("linear) ", "the end")]
    [TestCase("2 linear", "' * '")]
    [TestCase("precomputed(3 x 3)", "'='")]
    public void Other_words_are_refused(string words, string says) => Assert.That(() => Kernel.Parse(words), Throws.TypeOf<FormatException>().With.Message.Contain(says));

    [Test]
    public void Words_that_never_end_are_refused()
    {
        foreach (string words in (string[])[new('(', 100_000), string.Concat(Enumerable.Repeat("linear + ", 100_000)), "linear" + string.Concat(Enumerable.Repeat("[0..1]", 100_000)), string.Concat(Enumerable.Repeat("2 * ", 100_000))])
        {
            Assert.That(() => Kernel.Parse(words), Throws.TypeOf<FormatException>().With.Message.Contain("fewer parts"));
        }
    }
}
