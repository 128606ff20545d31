using System.Numerics.Tensors;
using NUnit.Framework;

namespace FusionKernels.Tests.HardUse;

/// <summary>Every call tells once, at its end, what ran.</summary>
public sealed class ReportTests
{
    /// <summary>What trains tells of its epochs instead.</summary>
    private const string Training = "learning";

    private static readonly string[] s_views = ["a", "b"];

    /// <summary>By what they only prepare or forward to.</summary>
    private static readonly Dictionary<string, string> s_forms = new()
    {
        ["TriangularSolver.SolveInPlace"] = "TriangularSolver.Solve",
        ["SimilarityMatrix.Compute"] = "Gram.Compute",
        ["Matching.Nearest"] = "Gram.Neighbours",
        ["DtwClassifier.Fit"] = "Dtw.Neighbours",
        ["GlobalAlignment.Fit"] = "GlobalAlignment.Gram",
        ["ElasticDistance.Between"] = "ElasticDistance.Twe",
        ["Barycenter.Medoid"] = "Dtw.Distances",
        ["FusionModel.Predict"] = "KernelFusionModel.Predict",
        ["FusionModel.PredictProbabilities"] = "KernelFusionModel.PredictProbabilities",
        ["FusionModel.PredictValues"] = "KernelFusionModel.PredictValues",
        ["FusionModel.Explain"] = "KernelFusionModel.Explain",
        ["FusionStrategy.Fit"] = "KernelFusion.Fit",
        ["FusionStrategy.Save"] = "KernelFusion.Fit",
        ["Attention.ForwardWithLogSumExp"] = "Attention.Forward",
    };

    private static IEnumerable<PublicCall> Calls => PublicCalls.All.Where(call => call.Family != Training);

    [TestCaseSource(nameof(Calls))]
    public void A_call_is_told_once(object one)
    {
        PublicCall call = (PublicCall)one;
        using ComputeDevice host = ComputeDevice.Open("host");
        List<ExecutionReport> told = [];
        call.Answer(new(host) { Report = told.Add });
        string operation = s_forms.GetValueOrDefault(call.Operation, call.Operation);
        Assert.That(told.Select(report => report.Operation), Has.Exactly(1).EqualTo(operation), "beside calls that it needs first");
        foreach (ExecutionReport report in told)
        {
            Assert.That(report.Tiling, Is.Not.Empty, report.Operation);
            Assert.That(report.Device, Is.EqualTo(host.Description.Name), report.Operation);
            Assert.That(report.KernelSeconds, Is.Positive.And.LessThanOrEqualTo(report.TotalSeconds), report.Operation);
        }
    }

    private static IEnumerable<string> Strategies =>
        FusionStrategy.Names.Except(Enum.GetValues<FusionRule>().Skip(1).Select(TrainedFusion.NameOf)); // one of the trained, which share their way

    [TestCaseSource(nameof(Strategies))]
    public void A_strategy_is_told_once_by_its_fit_and_once_by_each_question(string name)
    {
        Random random = new(4);
        Views views = Views.Of([.. s_views.Select(view => (view, View.Sequences<float>([.. Enumerable.Range(0, 16).Select(row => Series(random, row))])))])
            .WithLabels([.. Enumerable.Range(0, 16).Select(row => row % 2)]);
        Views rows = views.WithMissing(0.5, 3);
        List<ExecutionReport> told = [];
        using ComputeDevice host = ComputeDevice.Open("host");
        ExecutionOptions options = new() { Device = host, Report = told.Add };
        FusionModel model = FusionStrategy.Named(name).Fit(views, options);
        _ = model.Predict(rows, options);
        _ = model.PredictProbabilities(rows, options);
        _ = model.Explain(rows, options);
        string of = model.GetType().Name;
        Assert.That(told.Select(report => report.Operation), Is.EqualTo([$"{of.Replace("Model", "", StringComparison.Ordinal)}.Fit", $"{of}.Predict", $"{of}.PredictProbabilities", $"{of}.Explain"]));
        Assert.That(told.Select(report => report.Tiling), Is.All.Contains(name));
        foreach (ExecutionReport report in told) Assert.That(report.KernelSeconds, Is.Positive.And.LessThanOrEqualTo(report.TotalSeconds), report.Operation);
    }

    [Test]
    public void A_fusion_costs_no_less_than_its_kernels_do()
    {
        const int rows = 40, features = 30;
        Random random = new(5);
        Tensor<float> x = Tensor.Create([.. Enumerable.Range(0, rows * features).Select(_ => random.NextSingle())], [rows, features]);
        List<ExecutionReport> told = [];
        _ = KernelFusion.Fit(Views.Of(("a", View.Vectors(x)), ("b", View.Vectors(x))).WithLabels([.. Enumerable.Range(0, rows).Select(row => row % 2)]), new() { Report = told.Add });
        Assert.That(told.Single().Flops, Is.GreaterThanOrEqualTo(rows * (double)rows * 2 * features)); // a multiplication and an addition of each pair's features, half of the pairs
    }

    private static Tensor<float> Series(Random random, int row) => Tensor.Create([.. Enumerable.Range(0, 8 + (row % 3)).Select(_ => random.NextSingle())], [8 + (row % 3), 1]);
}
