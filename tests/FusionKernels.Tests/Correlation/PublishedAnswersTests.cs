using System.Numerics.Tensors;
using FusionKernels.Cli;
using MathNet.Numerics.LinearAlgebra;
using NUnit.Framework;

namespace FusionKernels.Tests.Correlation;

/// <summary>Answers that statistics software prints for classical tables, to the digits printed.</summary>
[Parallelizable]
public sealed class PublishedAnswersTests
{
    /// <summary>SAS/STAT User's Guide, The CANCORR Procedure, example "Canonical Correlation Analysis of Fitness Club Data".</summary>
    [Test]
    public void Linnerud_is_as_SAS_prints_it([Values] bool isFloat32)
    {
        CanonicalCorrelation model = Linnerud(isFloat32);
        double within = isFloat32 ? 2e-5 : 0;
        Assert.That(model.Correlations[0], Is.EqualTo(0.795608).Within(5e-7 + within));
        Assert.That(model.Correlations[1], Is.EqualTo(0.200556).Within(5e-7 + within));
        Assert.That(model.Correlations[2], Is.EqualTo(0.072570).Within(5e-7 + within));
        CanonicalSignificance tests = model.Significance!;
        Near(tests.Wilks[0], 0.35039053, 2.05, 9, 34.223, 0.0635, within);
        Near(tests.Wilks[1], 0.95472266, 0.18, 4, 30, 0.9491, within);
        Near(tests.Wilks[2], 0.99473355, 0.08, 1, 16, 0.7748, within);
        Near(tests.Pillai, 0.67848151, 1.56, 9, 48, 0.1551, within);
        Near(tests.HotellingLawley, 1.77194146, 2.64, 9, 19.053, 0.0357, within);
        Near(tests.Roy, 1.72473874, 9.20, 3, 16, 0.0009, within);
    }

    /// <summary>By the formulas of Bartlett (1941) and Lawley (1959) from the lambdas and correlations that SAS prints; the tails of 9, 4 and 1 degrees of freedom in closed form.</summary>
    [Test]
    public void Linnerud_has_the_chi_squares_of_Bartlett_and_Lawley()
    {
        CanonicalSignificance tests = Linnerud(isFloat32: false).Significance!;
        Near(tests.Bartlett, (16.25496, 9, 0.0617446), (0.718183, 4, 0.949068), (0.0818457, 1, 0.774812));
        Near(tests.Lawley, (16.25496, 9, 0.0617446), (0.745048, 4, 0.945660), (0.210905, 1, 0.646059));
    }

    [Test]
    public void Linnerud_weights_are_as_SAS_prints_them_but_for_the_rule_of_signs()
    {
        CanonicalCorrelation model = Linnerud(isFloat32: false);
        Near(model.XWeights, 0, -0.031404688, 0.4932416756, -0.008199315);
        Near(model.YWeights, 0, -0.066113986, -0.016846231, 0.0139715689);
        Near(model.XLoadings, 0, 0.6206, 0.9254, -0.3328);
        Near(model.YLoadings, 0, -0.7276, -0.8177, -0.1622);
        Near(model.XCrossLoadings, 0, 0.4938, 0.7363, -0.2648);
        Near(model.YCrossLoadings, 0, -0.5789, -0.6506, -0.1290);
        Assert.That(model.XRedundancy[0], Is.EqualTo(0.2854).Within(5e-5));
        Assert.That(model.YRedundancy[0], Is.EqualTo(0.2584).Within(5e-5));
    }

    /// <summary>R, example(cancor): LifeCycleSavings, pop = columns 2:3, oec = the others.</summary>
    [Test]
    public void Life_cycle_savings_are_as_R_prints_them()
    {
        Tensor<double> population = Csv.Read(SharedData.Require("classic/lifecycle_population.csv")).ToTensor<double>();
        Tensor<double> economy = Csv.Read(SharedData.Require("classic/lifecycle_economy.csv")).ToTensor<double>();
        CanonicalCorrelation model = CanonicalCorrelation.Fit(population, economy);
        Assert.That(model.Correlations[0], Is.EqualTo(0.8247966).Within(5e-8));
        Assert.That(model.Correlations[1], Is.EqualTo(0.3652762).Within(5e-8));
        // R's coefficients make the sum of squares 1; times sqrt(rows - 1) they make the variance 1.
        double unit = Math.Sqrt(model.Rows - 1);
        Assert.That(Math.Abs(model.XWeights[0, 0]) / unit, Is.EqualTo(0.009110856).Within(5e-10));
        Assert.That(Math.Abs(model.XWeights[1, 0]) / unit, Is.EqualTo(0.048647514).Within(5e-10));
        Assert.That(Math.Abs(model.YWeights[0, 0]) / unit, Is.EqualTo(0.0084710221).Within(5e-11));
        Assert.That(Math.Abs(model.YWeights[1, 0]) / unit, Is.EqualTo(0.00013073936).Within(5e-10));
    }

    /// <summary>
    /// Hotelling (1936), Relations Between Two Sets of Variates, section 3: speed and power of reading against speed and power of arithmetic,
    /// of 140 children; he prints 0.3945 and 0.0688.
    /// </summary>
    [Test]
    public void Reading_and_arithmetic_are_as_Hotelling_prints_them()
    {
        Matrix<double> correlation = Matrix<double>.Build.DenseOfArray(new[,]
        {
            { 1, 0.6328, 0.2412, 0.0586 },
            { 0.6328, 1, -0.0553, 0.0655 },
            { 0.2412, -0.0553, 1, 0.4248 },
            { 0.0586, 0.0655, 0.4248, 1 },
        });
        Matrix<double> rows = CorrelatedViews.Centred(Matrix<double>.Build.DenseOfArray(CorrelationData.Normal(new(1), 140, 4))).GramSchmidt().Q * correlation.Cholesky().Factor.Transpose();
        CanonicalCorrelation model = CanonicalCorrelation.Fit(CorrelatedViews.Of<double>(rows.SubMatrix(0, 140, 0, 2)), CorrelatedViews.Of<double>(rows.SubMatrix(0, 140, 2, 2)));
        Assert.That(model.Correlations, Is.EqualTo<double>([0.3945, 0.0688]).AsCollection.Within(5e-5));
    }

    private static CanonicalCorrelation Linnerud(bool isFloat32) => isFloat32
        ? CanonicalCorrelation.Fit(Narrow(SampleViews.Physiological), Narrow(SampleViews.Exercise))
        : CanonicalCorrelation.Fit(SampleViews.Physiological, SampleViews.Exercise);

    private static Tensor<float> Narrow(Tensor<double> tensor) => CorrelationData.Tensor<float>(Grams.GramAssert.Array(tensor));

    private static void Near(IReadOnlyList<ChiSquareTest> tests, params (double ChiSquare, double Df, double P)[] expected)
    {
        for (int k = 0; k < expected.Length; k++)
        {
            Assert.That(tests[k].ChiSquare, Is.EqualTo(expected[k].ChiSquare).Within(1e-5));
            Assert.That(tests[k].Df, Is.EqualTo(expected[k].Df));
            Assert.That(tests[k].P, Is.EqualTo(expected[k].P).Within(1e-5));
        }
    }

    private static void Near(CorrelationTest test, double value, double f, double df1, double df2, double p, double within)
    {
        Assert.That(test.Value, Is.EqualTo(value).Within(5e-9 + (10 * within)));
        Assert.That(test.F, Is.EqualTo(f).Within(5.1e-3));
        Assert.That(test.Df1, Is.EqualTo(df1));
        Assert.That(test.Df2, Is.EqualTo(df2).Within(5e-4));
        Assert.That(test.P, Is.EqualTo(p).Within(5e-5 + within));
    }

    private static void Near(Tensor<double> columns, int column, params double[] expected)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            double digit = Math.Abs(expected[i]) is > 0.1 and < 1 && Math.Round(expected[i], 4) == expected[i] ? 5e-5 : 5e-9;
            Assert.That(columns[i, column], Is.EqualTo(expected[i]).Within(digit), $"{i}");
        }
    }
}
