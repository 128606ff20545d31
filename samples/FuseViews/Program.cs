// Two views of handwritten digits, the upper and the lower half of each image, fused by a sum of kernels.
using System.Numerics.Tensors;
using FusionKernels;

CsvTable table = Csv.Read(Path.Combine(AppContext.BaseDirectory, "digits.csv"));
Tensor<float> pixels = table.Without(64).ToTensor<float>();    // rows of 8 x 8 grey values, 0 to 16
int[] digits = [.. table.ToLabels(64).Indices];
int training = digits.Length * 2 / 3;
Tensor<float> train = pixels[..training, ..], test = pixels[training.., ..];

Kernel upper = Kernel.Rbf(0.001).On(..32), lower = Kernel.Rbf(0.001).On(32..);
Console.WriteLine($"upper half  {Accuracy(upper):P1}");
Console.WriteLine($"lower half  {Accuracy(lower):P1}");
Console.WriteLine($"fused       {Accuracy(0.5 * upper + 0.5 * lower):P1}");

double Accuracy(Kernel kernel)
{
    var model = KernelRidgeClassifier.Fit(Gram.Compute(train, kernel), digits.AsSpan(0, training));
    int[] predicted = model.Predict(Gram.Compute(test, train, kernel));
    return predicted.Zip(digits.Skip(training)).Count(pair => pair.First == pair.Second) / (double)predicted.Length;
}
