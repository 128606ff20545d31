using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>The affine map from a network's outputs to canonical variates.</summary>
internal sealed class VariateMap<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _view;
    private readonly Tensor<T> _weight;
    private readonly Tensor<T> _offset;

    private VariateMap(int view, Tensor<T> weight, Tensor<T> offset) => (_view, _weight, _offset) = (view, weight, offset);

    /// <summary>Variates.</summary>
    public int Components => (int)_weight.Lengths[0];

    /// <summary>What a file keeps of it.</summary>
    public Dictionary<string, SafetensorsEntry> Tensors => new()
    {
        [$"{PairedViews.Names[_view]}_variates.weight"] = SafetensorsEntry.Of(_weight),
        [$"{PairedViews.Names[_view]}_variates.offset"] = SafetensorsEntry.Of(_offset),
    };

    /// <summary>The map of one view.</summary>
    public static VariateMap<T> Of(CanonicalCorrelation linear, int view)
    {
        Tensor<double> weights = view == 0 ? linear.XWeights : linear.YWeights;
        int inputs = (int)weights.Lengths[0], components = (int)weights.Lengths[1];
        T[] weight = new T[components * inputs];
        for (int k = 0; k < components; k++)
        {
            for (int j = 0; j < inputs; j++) weight[(k * inputs) + j] = T.CreateChecked(weights[j, k]);
        }

        // The variates of a row of zeros are what is added to every row's.
        Tensor<double> zeros = Tensor.CreateFromShape<double>([1, inputs]), offset = view == 0 ? linear.TransformX(zeros) : linear.TransformY(zeros);
        return new(view, Tensor.Create(weight, [components, inputs]), Tensor.Create([.. offset.Select(T.CreateChecked)], [components]));
    }

    /// <summary>The map of a file from so many outputs of a network.</summary>
    public static VariateMap<T> Read(LearnedModelFile file, int view, int inputs)
    {
        string name = $"{PairedViews.Names[view]}_variates.weight";
        int components = file.Notes.ShapeOf(name) is [>= 1 and <= int.MaxValue and var rows, _] ? (int)rows : 1;
        return new(view, file.Matrix<T>(name, components, inputs), file.Vector<T>($"{PairedViews.Names[view]}_variates.offset", components));
    }

    /// <summary>The variates of a network's outputs: sums in float64, rounded once.</summary>
    public Tensor<T> Map(Tensor<T> outputs, string operation)
    {
        int rows = (int)outputs.Lengths[0], inputs = (int)_weight.Lengths[1], components = (int)_weight.Lengths[0];
        (double[] values, double[] weight, double[] offset) = (Flat(outputs), Flat(_weight), Flat(_offset));
        T[] variates = HostArray.Create<T>(operation, rows, components);
        for (int at = 0; at < variates.Length; at++)
        {
            (int row, int component) = Math.DivRem(at, components);
            double sum = offset[component];
            for (int j = 0; j < inputs; j++) sum += values[(row * inputs) + j] * weight[(component * inputs) + j];
            variates[at] = T.CreateChecked(sum);
        }

        return Tensor.Create(variates, [rows, components]);
    }

    private static double[] Flat(Tensor<T> tensor)
    {
        T[] flat = new T[tensor.FlattenedLength];
        tensor.FlattenTo(flat);
        return Array.ConvertAll(flat, double.CreateChecked);
    }
}
