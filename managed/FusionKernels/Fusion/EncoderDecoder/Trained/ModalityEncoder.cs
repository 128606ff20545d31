using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>The encoder of one view: of a vector, dense layers to one token or several; of a series, patches with their places that look at each other.</summary>
internal sealed class ModalityEncoder<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly DenseLayers<T>? _vector;
    private readonly Dense<T>? _patch;
    private readonly TransformerBlock<T>? _block;
    private readonly int _width, _features, _tokens;

    /// <summary>Declares the encoder's parameters.</summary>
    public ModalityEncoder(ParameterSet<T> parameters, bool isSeries, int features, int tokens, TrainedFusionOptions options)
    {
        (_width, _features, _tokens) = (options.Width, features, tokens);
        if (isSeries)
        {
            _patch = new(parameters.In("patch"), features, _width);
            _block = new(parameters.In("block"), _width, options.Heads, dropout: options.Dropout);
        }
        else
        {
            _vector = new(parameters, [features, options.Hidden, checked(tokens * _width)], Activation.Relu, options.Dropout);
        }
    }

    /// <summary>The tokens of rows.</summary>
    /// <param name="values">rows x (places features).</param>
    /// <param name="keep">Which places are there, rows x places.</param>
    /// <returns>rows x tokens x width, between -1 and 1.</returns>
    public Var<T> Forward(Var<T> values, ReadOnlySpan<bool> keep)
    {
        int rows = values.Node.Lengths[0];
        if (_vector is not null) return _vector.Forward(values).Activate(Activation.Tanh).Reshape(rows, _tokens, _width);
        Var<T> patches = _patch!.Forward(values.Reshape(rows, -1, _features));
        return _block!.Forward(patches + values.Tape.Constant(Places.Of<T>(patches.Node.Lengths[1], _width)), keep).Activate(Activation.Tanh);
    }
}

/// <summary>Where in a sequence a token is.</summary>
internal static class Places
{
    /// <summary>Sines and cosines of places, places x width (Vaswani et al. 2017, section 3.5): of any length, untrained.</summary>
    public static Tensor<T> Of<T>(int places, int width)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] values = new T[places * width];
        for (int at = 0; at < values.Length; at++)
        {
            int feature = at % width;
            double angle = at / width * Math.Pow(10_000, -(feature & ~1) / (double)width);
            values[at] = T.CreateChecked((feature & 1) == 0 ? Math.Sin(angle) : Math.Cos(angle));
        }

        return Tensor.Create(values, [places, width]);
    }
}
