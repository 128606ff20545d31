using System.Text.Json.Serialization;

namespace FusionKernels.Cli;

/// <summary>Everything that the demo found out.</summary>
/// <param name="Images">Images.</param>
/// <param name="Classes">Different digits.</param>
/// <param name="Precision"><c>float32</c> or <c>float64</c>.</param>
/// <param name="Folds">Stratified folds.</param>
/// <param name="MajorityAccuracy">Accuracy of always naming the most frequent digit.</param>
/// <param name="WithinClass">Mean of the fused kernel over pairs of one digit.</param>
/// <param name="BetweenClasses">Mean of the fused kernel over pairs of different digits.</param>
/// <param name="Devices">The devices, best first.</param>
/// <param name="Views">Accuracy of every view, of the concatenation and of the fused kernel.</param>
/// <param name="Rows">Speed and agreement of every kernel on every device.</param>
/// <param name="HeatMap">The fused Gram matrix ordered by class, for the page.</param>
/// <param name="Samples">One image of each digit, for the page.</param>
internal sealed record DemoResult(
    int Images,
    int Classes,
    string Precision,
    int Folds,
    double MajorityAccuracy,
    double WithinClass,
    double BetweenClasses,
    IReadOnlyList<DemoDevice> Devices,
    IReadOnlyList<DemoAccuracy> Views,
    IReadOnlyList<DemoRow> Rows,
    [property: JsonIgnore] HeatMap HeatMap,
    [property: JsonIgnore] IReadOnlyList<double[]> Samples)
{
    /// <summary>The page that was written.</summary>
    public string Page { get; init; } = "";

    /// <summary>The first device that failed; null when none did.</summary>
    [JsonIgnore]
    public DemoRow? FirstFailure => Rows.FirstOrDefault(row => row.Error is not null);
}
