using System.Numerics.Tensors;

namespace FusionKernels.Tests.HardUse;

/// <content>Machines on Gram matrices, fusion of views, and files.</content>
internal static partial class PublicCalls
{
    private static IEnumerable<PublicCall> Machines()
    {
        const string family = "machines";
        Tensor<float> gram = Gram.Compute(s_x, Kernel.Rbf()), other = Gram.Compute(s_y, Kernel.Rbf()), rows = Gram.Compute(s_other, s_x, Kernel.Rbf());
        int[] signs = [.. s_labels.Select(label => label == 0 ? 0 : 1)];
        KernelRidge ridge = KernelRidge.Fit(gram, s_targets);
        KernelRidgeClassifier classifier = KernelRidgeClassifier.Fit(gram, s_labels);
        KernelSvm svm = KernelSvm.Fit(gram, s_labels, new() { Probabilities = true });
        GaussianProcess process = GaussianProcess.Fit(gram, s_targets, 0.1);
        GaussianProcessClassifier processes = GaussianProcessClassifier.Fit(gram, s_labels);
        NystromFactor factor = Nystrom.Fit(s_x, Kernel.Rbf(), new() { Landmarks = 12 });
        Tensor<float> against = Gram.Compute(s_other, s_x, Kernel.Rbf());
        yield return new(family, "KernelRidge.Fit", site => KernelRidge.Fit(gram, s_targets, options: site.Plain).Predict(rows), OnHostOnly: true);
        yield return new(family, "KernelRidge.Fit of a factor", site => KernelRidge.Fit(factor, s_targets, options: site.Plain).Predict(factor.Map(Landmarks(factor))), OnHostOnly: true);
        yield return new(family, "KernelRidge.Predict", site => ridge.Predict(rows, site.Plain), OnHostOnly: true);
        yield return new(family, "KernelRidgeClassifier.Fit", site => KernelRidgeClassifier.Fit(gram, s_labels, options: site.Plain).DecisionValues(rows), OnHostOnly: true);
        yield return new(family, "KernelRidgeClassifier.DecisionValues", site => classifier.DecisionValues(rows, site.Plain), OnHostOnly: true);
        yield return new(family, "KernelRidgeClassifier.Predict", site => classifier.Predict(rows, site.Plain), OnHostOnly: true);
        yield return new(family, "KernelSvm.Fit", site => KernelSvm.Fit(gram, s_labels, site.In(new KernelSvmOptions { Probabilities = true })).DecisionValues(rows), OnHostOnly: true);
        yield return new(family, "KernelSvm.DecisionValues", site => svm.DecisionValues(rows, site.Plain), OnHostOnly: true);
        yield return new(family, "KernelSvm.Predict", site => svm.Predict(rows, site.Plain), OnHostOnly: true);
        yield return new(family, "KernelSvm.PredictProbabilities", site => svm.PredictProbabilities(rows, site.Plain), OnHostOnly: true);
        yield return new(family, "GaussianProcess.Fit", site => GaussianProcess.Fit(gram, s_targets, 0.1, site.Plain).Predict(rows), OnHostOnly: true);
        yield return new(family, "GaussianProcess.Predict", site => process.Predict(rows, site.Plain), OnHostOnly: true);
        yield return new(family, "GaussianProcessClassifier.Fit", site => GaussianProcessClassifier.Fit(gram, s_labels, site.In(new GaussianProcessClassifierOptions())).PredictProbabilities(rows), OnHostOnly: true);
        yield return new(family, "GaussianProcessClassifier.Fit of a factor", site => GaussianProcessClassifier.Fit(factor, s_labels, site.In(new GaussianProcessClassifierOptions())).PredictProbabilities(Landmarks(factor)), OnHostOnly: true);
        yield return new(family, "GaussianProcessClassifier.Predict", site => processes.Predict(rows, site.Plain), OnHostOnly: true);
        yield return new(family, "GaussianProcessClassifier.PredictProbabilities", site => processes.PredictProbabilities(rows, site.Plain), OnHostOnly: true);
        yield return new(family, "Nystrom.Fit", site => Nystrom.Fit(s_x, Kernel.Rbf(), site.In(new NystromOptions { Landmarks = 12 })).Map(Landmarks(factor)));
        yield return new(family, "NystromFactor.Map", site => factor.Map(Landmarks(factor), site.Plain), OnHostOnly: true);
        yield return new(family, "KernelWeights.Align", site => KernelWeights.Align<float>([gram, other], s_labels, site.In(new KernelWeightsOptions())), OnHostOnly: true);
        yield return new(family, "KernelWeights.AlignF", site => KernelWeights.AlignF<float>([gram, other], s_labels, site.In(new KernelWeightsOptions())), OnHostOnly: true);
        yield return new(family, "KernelWeights.EasyMkl", site => KernelWeights.EasyMkl<float>([gram, other], signs, site.In(new KernelWeightsOptions())), OnHostOnly: true);
        yield return new(family, "KernelWeights.SimpleMkl", site => KernelWeights.SimpleMkl<float>([gram, other], signs, site.In(new KernelWeightsOptions())), OnHostOnly: true);
        yield return new(family, "KernelWeights.Sum", site => KernelWeights.Sum<float>([gram, other], [0.3, 0.7], site.Plain), OnHostOnly: true);
    }

    private static Tensor<float> Landmarks(NystromFactor factor) => Gram.Compute(s_other, Selected(factor.Landmarks), Kernel.Rbf());

    private static Tensor<float> Selected(IReadOnlyList<int> rows) => Tensor.Create([.. rows.SelectMany(row => Enumerable.Range(0, 6).Select(column => s_x[row, column]))], [rows.Count, 6]);

    private static IEnumerable<PublicCall> Fusion()
    {
        const string family = "fusion";
        Views views = Views.Of(("a", View.Vectors(s_x)), ("b", View.Vectors(s_y))).WithLabels(s_labels);
        Views series = Views.Of(("a", View.Sequences<float>([.. Series(70)])), ("b", View.Sequences<float>([.. Series(90)]))).WithLabels(s_labels.AsSpan(0, 12));
        FusionModel kernel = KernelFusion.Fit(views);
        yield return new(family, "KernelFusion.Fit", site => KernelFusion.Fit(views, site.In(new KernelFusionOptions())).PredictProbabilities(views));
        yield return new(family, "FusionModel.Predict", site => kernel.Predict(views, site.Plain));
        yield return new(family, "FusionModel.PredictProbabilities", site => kernel.PredictProbabilities(views, site.Plain));
        yield return new(family, "FusionModel.Explain", site => kernel.Explain(views, site.Plain));
        yield return new(family, "FusionModel.PredictValues", site => KernelFusion.Fit(Numeric(views), site.In(new KernelFusionOptions())).PredictValues(views, site.Plain));
        yield return new(family, "Concatenation.Fit", site => Concatenation.Fit(views, site.In(new ConcatenationOptions())).PredictProbabilities(views));
        yield return new(family, "CommonClock.Fit", site => CommonClock.Fit(series, site.In(new CommonClockOptions())).PredictProbabilities(series));
        yield return new(family, "LateFusion.Fit", site => LateFusion.Fit(views, site.In(new LateFusionOptions { Folds = 2 })).PredictProbabilities(views));
        yield return new(family, "GraphFusion.Fit", site => GraphFusion.Fit(views, site.In(new GraphFusionOptions { Neighbours = 4 })).PredictProbabilities(views));
        yield return new(family, "FusionStrategy.Fit", site => FusionStrategy.Named("kernel-mean").Fit(views, site.Plain).PredictProbabilities(views));
        yield return new(family, "TrainedFusion.Fit", site => TrainedFusion.Fit(views, site.In(Small)).PredictProbabilities(views));
        yield return new(family, "TrainedFusionModel.Impute", site =>
        {
            float[] row = new float[6];
            TrainedFusion.Fit(views, site.In(Small)).Impute(views.Blind("a"), site.Plain)["a"].CopyRow<float>(0, row);
            return row;
        });
        yield return new(family, "FusionReport.Compare", site =>
        {
            FusionReport report = FusionReport.Compare(
                views, site.In(new FusionReportOptions { Folds = 2, MissingRates = [], Ablation = false, Strategies = [FusionStrategy.Named("kernel-mean"), FusionStrategy.Named("concat")] }));

            // A cancelled comparison keeps what is done, and says that it is not all.
            return report.IsComplete ? report.Rows.Select(row => row.Score).ToArray() : throw new OperationCanceledException();
        });
    }

    private static TrainedFusionOptions Small => new() { Rule = FusionRule.Translation, Width = 8, Hidden = 8, Epochs = 1 };

    private static Views Numeric(Views views) => Views.Of([.. views.Names.Select(name => (name, views[name]))]).WithTargets(s_targets);

    private static IEnumerable<Tensor<float>> Series(int seed) => Enumerable.Range(0, 12).Select(row => Matrix(seed + row, 9 + (row % 3), 1));

    private static IEnumerable<PublicCall> Files()
    {
        const string family = "files";
        DtwFileOptions warping = new() { BlockBytes = 3 * 7 * sizeof(float) };
        GramFileOptions grams = new() { BlockBytes = 10 * Rows * sizeof(float) };
        yield return new(family, "Gram.ComputeTo", site => ToFile(path => Gram.ComputeTo(path, s_x, Kernel.Rbf(), site.In(grams))));
        yield return new(family, "Dtw.DistancesTo", site => ToFile(path => Dtw.DistancesTo(path, s_series, site.In(warping))));
        yield return new(family, "CanonicalMoments.OfFiles", site =>
        {
            using TemporaryFolder folder = new();
            Npy.Write(folder["x.npy"], s_x);
            Npy.Write(folder["y.npy"], s_y);
            return CanonicalMoments.OfFiles(folder["x.npy"], folder["y.npy"], site.Plain).Covariance(0, 1);
        });
        yield return new(family, "CanonicalMoments.OfFolds of files", site =>
        {
            using TemporaryFolder folder = new();
            Npy.Write(folder["x.npy"], s_x);
            Npy.Write(folder["y.npy"], s_y);
            return CanonicalMoments.OfFolds(folder["x.npy"], folder["y.npy"], 3, site.Plain).Select(fold => fold.Covariance(0, 1)).ToArray();
        });
        yield return new(family, "FusionStrategy.Save", site => OfModel(site, (path, views) => FusionStrategy.Save(path, views, "kernel-mean", site.Plain)));
        yield return new(family, "FusionStrategy.Load", site => OfModel(site, (path, views) =>
        {
            FusionStrategy.Save(path, views, "snf");
            return FusionStrategy.Load(path, site.Plain);
        }));
    }

    private static Tensor<double> OfModel(CallSite site, Func<string, Views, FusionModel> make)
    {
        using TemporaryFolder folder = new();
        Views views = Views.Of(("a", View.Vectors(s_x)), ("b", View.Vectors(s_y))).WithLabels(s_labels);
        return make(folder["m.npz"], views).PredictProbabilities(views, site.Plain);
    }

    private static Tensor<float> ToFile(Action<string> write)
    {
        using TemporaryFolder folder = new();
        write(folder["m.npy"]);
        return Npy.Read<float>(folder["m.npy"]);
    }
}
