using NUnit.Framework;

namespace FusionKernels.Tests.HardUse;

/// <summary>Every call of these families tells once, at its end, what ran.</summary>
public sealed class ReportTests
{
    private static readonly string[] s_others = ["learning"];

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

    private static IEnumerable<PublicCall> Calls => PublicCalls.All.Where(call => !s_others.Contains(call.Family));

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
}
