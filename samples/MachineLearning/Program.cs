// ML.NET loads and prepares columns; FusionKernels fuses them as views.
using FusionKernels;
using MachineLearning;
using Microsoft.ML;
using Microsoft.ML.Data;

MLContext ml = new(seed: 1);
IDataView raw = ml.Data.LoadFromTextFile(
    Path.Combine(AppContext.BaseDirectory, "digits.csv"),
    [new("Upper", DataKind.Single, 0, 31), new("Lower", DataKind.Single, 32, 63), new("Digit", DataKind.Single, 64)],
    separatorChar: ',');
IDataView prepared = ml.Transforms.NormalizeMinMax("Upper").Append(ml.Transforms.NormalizeMinMax("Lower")).Fit(raw).Transform(raw);

Views views = prepared.ToViews("Upper", "Lower").WithLabels(prepared.ToLabels("Digit"));
Console.WriteLine($"{views.Rows} rows of {string.Join(" and ", views.Names)}, {views.ClassNames!.Count} classes");

ViewsSplit split = views.Split(0.3, seed: 1);
foreach (string[] names in (string[][])[["Upper"], ["Lower"], ["Upper", "Lower"]])
{
    int[] predicted = KernelFusion.Fit(split.Train.Select(names)).Predict(split.Test.Select(names));
    double correct = predicted.Zip(split.Test.Labels!).Count(pair => pair.First == pair.Second);
    Console.WriteLine($"{string.Join(" + ", names),-13} {correct / predicted.Length:P1}");
}
