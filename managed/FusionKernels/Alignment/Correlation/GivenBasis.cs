using System.Numerics;
using System.Numerics.Tensors;
using FusionKernels.Kernels.Decompositions;

namespace FusionKernels;

/// <summary>Columns of Gram matrices that the caller has: of all training rows, or of the landmarks alone.</summary>
/// <param name="trainingRows">Training rows.</param>
/// <param name="landmarks">The training rows whose columns count.</param>
internal sealed class GivenBasis<T>(int trainingRows, int[] landmarks) : KernelBasis<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override int Size => landmarks.Length;

    /// <inheritdoc/>
    public override void Require(Tensor<T> input, string name)
    {
        if (input.Rank == 2 && (input.Lengths[1] == trainingRows || input.Lengths[1] == landmarks.Length)) return;
        string least = landmarks.Length == trainingRows ? "" : $", or x {landmarks.Length} for the landmarks alone";
        throw new ArgumentException($"'{name}' is {Shape.Of(input.Lengths)}; fitted to a Gram matrix of {trainingRows} rows, it must be rows x {trainingRows}{least}", name);
    }

    /// <inheritdoc/>
    public override DenseMatrix Evaluate(Tensor<T> input, int row, int rows, GramOptions options)
    {
        DenseMatrix values = new(rows, landmarks.Length);
        bool isAll = input.Lengths[1] == trainingRows;
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < landmarks.Length; j++) values[i, j] = double.CreateChecked(input[row + i, isAll ? landmarks[j] : j]);
        }

        return values;
    }

    /// <inheritdoc/>
    public override void Write(NpzWriter file, string side)
    {
        file.Add(TrainingOf(side), Tensor.Create([(long)trainingRows], [1]));
        file.Add(LandmarksOf(side), Tensor.Create(Array.ConvertAll(landmarks, row => (long)row), [landmarks.Length]));
    }

    /// <inheritdoc cref="KernelBasis{T}.Read"/>
    public static GivenBasis<T> Read(ModelArchive file, string side)
    {
        long training = file.Integers(TrainingOf(side), 1)[0], count = file.ShapeOf(LandmarksOf(side), 1)[0];
        if (training is < 2 or > int.MaxValue) throw file.Error(TrainingOf(side), "two rows or more", $"{training}");
        if (count < 1 || count > training) throw file.Error(LandmarksOf(side), $"1 to {training} rows", $"{count}");
        long[] landmarks = file.Integers(LandmarksOf(side), count);
        int wrong = Array.FindIndex(landmarks, row => row < 0 || row >= training);
        return wrong < 0 ? new((int)training, Array.ConvertAll(landmarks, row => (int)row)) : throw file.Error(LandmarksOf(side), $"numbers of {training} rows", $"{landmarks[wrong]} at {wrong}");
    }

    private static string TrainingOf(string side) => $"{side}.training";

    private static string LandmarksOf(string side) => $"{side}.landmarks";
}
