// Two views of handwritten digits, fused by a weighted sum of kernels and classified by kernel ridge.
using System.Numerics.Tensors;
using FusionKernels;

CsvTable table = Csv.Read(Path.Combine(AppContext.BaseDirectory, "digits.csv"));
Tensor<float> pixels = table.Without(64).ToTensor<float>();    // 8 x 8 grey values, 0 to 16
int[] digits = [.. table.ToLabels(64).Indices];
int rows = digits.Length, training = rows * 2 / 3;

// A row holds both views side by side: its 64 pixels, then the sums of its 8 rows and 8 columns.
float[] values = new float[rows * 80];
for (int i = 0; i < rows; i++)
{
    for (int p = 0; p < 64; p++)
    {
        float grey = pixels[i, p] / 16;
        values[(i * 80) + p] = grey;
        values[(i * 80) + 64 + (p / 8)] += grey;
        values[(i * 80) + 72 + (p % 8)] += grey;
    }
}

Tensor<float> views = Tensor.Create(values, [rows, 80]);
Tensor<float> train = views[..training, ..], test = views[training.., ..];

Kernel ofPixels = Kernel.Rbf(0.1).On(..64), ofProfiles = Kernel.Laplacian(0.1).On(64..);
Console.WriteLine($"pixels    {Accuracy(ofPixels):P1}");
Console.WriteLine($"profiles  {Accuracy(ofProfiles):P1}");
Console.WriteLine($"fused     {Accuracy(0.7 * ofPixels + 0.3 * ofProfiles):P1}");

double Accuracy(Kernel kernel)
{
    var model = KernelRidgeClassifier.Fit(Gram.Compute(train, kernel), digits.AsSpan(0, training));
    int[] predicted = model.Predict(Gram.Compute(test, train, kernel));
    return predicted.Zip(digits.Skip(training)).Count(pair => pair.First == pair.Second) / (double)predicted.Length;
}
