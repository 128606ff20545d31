using System.Numerics.Tensors;

namespace FusionKernels.Tests.HardUse;

/// <content>Factors, spectra, and correlation of views.</content>
internal static partial class PublicCalls
{
    private static IEnumerable<PublicCall> Decompositions()
    {
        const string family = "decompositions";
        Tensor<float> tall = Matrix(40, 30, 7), right = Matrix(41, 24, 3), batch = Tensor.Create([.. Enumerable.Range(0, 4).SelectMany(item => Flat(Definite(50 + item, 6)))], [4, 6, 6]);
        IncompleteCholeskyFactor<float> incomplete = IncompleteCholesky.Factor(s_x, Kernel.Rbf(), 9);
        Tensor<float> gram = Gram.Compute(s_other, Selected(incomplete.Pivots), Kernel.Rbf());
        yield return new(family, "Cholesky.Factor", site => Cholesky.Factor(s_square, site.Plain));
        yield return new(family, "Cholesky.FactorBatched", site => Cholesky.FactorBatched(batch, site.Plain));
        yield return new(family, "CholeskyFactor.Solve", site => Cholesky.Factor(s_square, site.Plain).Solve(right, site.Plain));
        yield return new(family, "PivotedCholesky.Factor", site => PivotedCholesky.Factor(s_square, options: site.Plain));
        yield return new(family, "PivotedCholesky.FactorBatched", site => PivotedCholesky.FactorBatched(batch, options: site.Plain).Select(factor => factor.Lower).ToArray());
        yield return new(family, "IncompleteCholesky.Factor", site => IncompleteCholesky.Factor(s_x, Kernel.Rbf(), 9, options: site.In(new IncompleteCholeskyOptions())));
        yield return new(family, "IncompleteCholeskyFactor.Transform", site => incomplete.Transform(s_other, site.Plain));
        yield return new(family, "IncompleteCholeskyFactor.TransformGram", site => incomplete.TransformGram(gram, site.Plain));
        yield return new(family, "TriangularSolver.Solve", site => TriangularSolver.Solve(s_square, right, site.In(new TriangularSolverOptions())));
        yield return new(family, "TriangularSolver.SolveInPlace", site =>
        {
            Tensor<float> solved = Tensor.Create(Flat(right), right.Lengths);
            TriangularSolver.SolveInPlace(s_square, solved, site.In(new TriangularSolverOptions()));
            return solved;
        });
        yield return new(family, "TriangularSolver.SolveBatched", site => TriangularSolver.SolveBatched(batch, batch, site.In(new TriangularSolverOptions())));
        yield return new(family, "Qr.Factor", site => Qr.Factor(tall, site.Plain));
        yield return new(family, "Qr.FactorBatched", site => Qr.FactorBatched(batch, site.Plain));
        yield return new(family, "SymmetricEigen.Compute", site => SymmetricEigen.Compute(s_square, site.In(new SpectrumOptions())));
        yield return new(family, "SymmetricEigen.ComputeBatched", site => SymmetricEigen.ComputeBatched(batch, site.In(new SpectrumOptions())));
        yield return new(family, "GeneralizedEigen.Compute", site => GeneralizedEigen.Compute(Definite(51, 24), s_square, site.In(new SpectrumOptions())));
        yield return new(family, "GeneralizedEigen.ComputeBatched", site => GeneralizedEigen.ComputeBatched(batch, batch, site.In(new SpectrumOptions())));
        yield return new(family, "Svd.ComputeBatched", site => Svd.ComputeBatched(batch, site.In(new SvdOptions())));
        yield return new(family, "Svd.Compute", site => Svd.Compute(tall, site.In(new SvdOptions())));
        yield return new(family, "RangeFinder.Find", site => RangeFinder.Find(tall, 3, options: site.In(new RangeFinderOptions())));
        yield return new(family, "ConjugateGradients.Solve", site => ConjugateGradients.Solve(s_x, Kernel.Rbf(), s_targets, 0.1, site.In(new ConjugateGradientsOptions<float>())));
        yield return new(family, "NonNegativeLeastSquares.Solve", site => NonNegativeLeastSquares.Solve(tall, Matrix(42, 30), site.Plain));
        yield return new(family, "NonNegativeLeastSquares.SolveBatched", site => NonNegativeLeastSquares.SolveBatched(batch, batch, site.Plain));
    }

    private static IEnumerable<PublicCall> Correlation()
    {
        const string family = "correlation";
        Tensor<float> z = Matrix(43, Rows, 4), gramX = Gram.Compute(s_x, Kernel.Rbf()), gramY = Gram.Compute(s_y, Kernel.Rbf());
        CanonicalCorrelationOptions ridge = new() { Ridge = 0.1 };
        CanonicalCorrelation fitted = CanonicalCorrelation.Fit(s_x, s_y, ridge);
        MultiviewCorrelation many = MultiviewCorrelation.Fit([s_x, s_y, z]);
        SparseCanonicalCorrelation sparse = SparseCanonicalCorrelation.Fit(s_x, s_y);
        KernelCanonicalCorrelation kernel = KernelCanonicalCorrelation.Fit(s_x, Kernel.Rbf(), s_y, Kernel.Rbf());
        KernelPca pca = KernelPca.Fit(s_x, Kernel.Rbf());
        yield return new(family, "CanonicalCorrelation.Fit", site => CanonicalCorrelation.Fit(s_x, s_y, site.In(ridge)));
        yield return new(family, "CanonicalCorrelation.Transform", site => fitted.Transform(s_x, s_y, site.Plain), OnHostOnly: true);
        yield return new(family, "CanonicalCorrelation.TransformX", site => fitted.TransformX(s_x, site.Plain), OnHostOnly: true);
        yield return new(family, "CanonicalCorrelation.TransformY", site => fitted.TransformY(s_y, site.Plain), OnHostOnly: true);
        yield return new(family, "CanonicalCorrelation.PredictX", site => fitted.PredictX(s_y, site.Plain), OnHostOnly: true);
        yield return new(family, "CanonicalCorrelation.PredictY", site => fitted.PredictY(s_x, site.Plain), OnHostOnly: true);
        yield return new(family, "CanonicalCorrelation.InverseX", site => fitted.InverseX(fitted.TransformX(s_x), site.Plain), OnHostOnly: true);
        yield return new(family, "CanonicalCorrelation.InverseY", site => fitted.InverseY(fitted.TransformY(s_y), site.Plain), OnHostOnly: true);
        yield return new(family, "CanonicalCorrelation.PermutationTest", site => CanonicalCorrelation.PermutationTest(s_x, s_y, site.In(ridge), site.In(new ResamplingOptions { Samples = 9 })), OnHostOnly: true);
        yield return new(family, "CanonicalCorrelation.Bootstrap", site => CanonicalCorrelation.Bootstrap(s_x, s_y, site.In(ridge), site.In(new ResamplingOptions { Samples = 9 })), OnHostOnly: true);
        yield return new(family, "CanonicalMoments.Accumulate", site =>
        {
            CanonicalMoments moments = new(6, 5);
            moments.Accumulate(s_x, s_y, site.Plain);
            return (moments.Covariance(0, 1), moments.Mean(0));
        });
        yield return new(family, "CanonicalMoments.OfFolds", site => CanonicalMoments.OfFolds(s_x, s_y, 3, site.Plain).Select(fold => fold.Covariance(0, 1)).ToArray());
        yield return new(family, "CanonicalMoments.Fit", site => Moments().Fit(site.In(ridge)), OnHostOnly: true);
        yield return new(family, "CanonicalMoments.CrossValidate", site => CanonicalMoments.CrossValidate(CanonicalMoments.OfFolds(s_x, s_y, 3), [0.1, 1], site.In(ridge)), OnHostOnly: true);
        yield return new(family, "MultiviewCorrelation.Fit", site => MultiviewCorrelation.Fit([s_x, s_y, z], site.In(new MultiviewCorrelationOptions())), OnHostOnly: true);
        yield return new(family, "MultiviewCorrelation.Fit of moments", site => MultiviewCorrelation.Fit(Moments(), site.In(new MultiviewCorrelationOptions())), OnHostOnly: true);
        yield return new(family, "MultiviewCorrelation.PredictView", site => many.PredictView(0, s_x, 1, site.Plain), OnHostOnly: true);
        yield return new(family, "MultiviewCorrelation.InverseView", site => many.InverseView(2, many.TransformView(2, z), site.Plain), OnHostOnly: true);
        yield return new(family, "MultiviewCorrelation.Transform", site => many.Transform<float>([s_x, s_y, z], options: site.Plain), OnHostOnly: true);
        yield return new(family, "MultiviewCorrelation.TransformView", site => many.TransformView(1, s_y, site.Plain), OnHostOnly: true);
        yield return new(family, "SparseCanonicalCorrelation.Fit", site => SparseCanonicalCorrelation.Fit(s_x, s_y, site.In(new SparseCanonicalCorrelationOptions())), OnHostOnly: true);
        yield return new(family, "SparseCanonicalCorrelation.Transform", site => sparse.Transform(s_x, s_y, site.Plain), OnHostOnly: true);
        yield return new(family, "KernelCanonicalCorrelation.Fit", site => KernelCanonicalCorrelation.Fit(s_x, Kernel.Rbf(), s_y, Kernel.Rbf(), site.In(new KernelCanonicalCorrelationOptions())));
        yield return new(family, "KernelCanonicalCorrelation.Fit of Grams", site => KernelCanonicalCorrelation.Fit(gramX, gramY, site.In(new KernelCanonicalCorrelationOptions())));
        yield return new(family, "KernelCanonicalCorrelation.Transform", site => kernel.Transform(s_x, s_y, site.Plain));
        yield return new(family, "KernelCanonicalCorrelation.TransformX", site => kernel.TransformX(s_x, site.Plain));
        yield return new(family, "KernelCanonicalCorrelation.TransformY", site => kernel.TransformY(s_y, site.Plain));
        yield return new(family, "KernelPca.Fit", site => KernelPca.Fit(s_x, Kernel.Rbf(), site.In(new KernelPcaOptions())));
        yield return new(family, "KernelPca.Transform", site => pca.Transform(s_other, site.Plain));
        yield return new(family, "KernelAlignment.Centered", site => KernelAlignment.Centered(s_x, Kernel.Rbf(), s_y, Kernel.Rbf(), site.In(new KernelAlignmentOptions())));
        yield return new(family, "KernelAlignment.Hsic", site => KernelAlignment.Hsic(gramX, gramY, site.In(new KernelAlignmentOptions())));
        yield return new(family, "KernelAlignment.Linear", site => KernelAlignment.Linear(s_x, s_y, site.Plain), OnHostOnly: true);
        yield return new(family, "DistanceCorrelation.Compute", site => DistanceCorrelation.Compute(s_x, s_y, site.In(new DistanceCorrelationOptions())));
    }

    private static CanonicalMoments Moments()
    {
        CanonicalMoments moments = new(6, 5);
        moments.Accumulate(s_x, s_y);
        return moments;
    }
}
