using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>An encoder and a decoder for each view, and the code that they share.</summary>
internal sealed class AutoencoderNetwork<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Logarithms of variances stay within this and its negative.</summary>
    private const double LargestLogVariance = 10;

    private readonly ShortcutLayers<T>[] _encoders;
    private readonly ShortcutLayers<T>[] _decoders;

    /// <summary>Declares the networks' parameters.</summary>
    /// <param name="parameters">Where they belong.</param>
    /// <param name="encoders">Widths by view; variational ones put out means and logarithms of variances.</param>
    /// <param name="decoders">Widths by view.</param>
    /// <param name="dropout">Between layers.</param>
    /// <param name="kind">How codes are made.</param>
    public AutoencoderNetwork(ParameterSet<T> parameters, int[][] encoders, int[][] decoders, double dropout, AutoencoderKind kind)
    {
        IsVariational = kind.Mode == AutoencoderMode.Variational;
        _encoders = [.. encoders.Select((widths, view) => new ShortcutLayers<T>(parameters.In($"encoder.{view}"), widths, kind.Activation, dropout, kind.HasShortcuts))];
        _decoders = [.. decoders.Select((widths, view) => new ShortcutLayers<T>(parameters.In($"decoder.{view}"), widths, kind.Activation, dropout, kind.HasShortcuts))];
    }

    /// <summary>Views.</summary>
    public int Views => _encoders.Length;

    /// <summary>Features of the code.</summary>
    public int Components => _decoders[0].Inputs;

    /// <summary>Whether codes are distributions.</summary>
    public bool IsVariational { get; }

    /// <summary>What the encoders make of rows.</summary>
    public Encoding Encode(Tape<T> tape, ViewRows<T> data, ReadOnlySpan<int> rows)
    {
        Var<T>[] outputs = new Var<T>[Views];
        for (int view = 0; view < Views; view++) outputs[view] = _encoders[view].Forward(tape.Rows(data.Values[view], rows));
        return new(this, outputs, data, rows.ToArray());
    }

    /// <summary>A view as codes stand for it, standardized.</summary>
    public Var<T> Decode(Var<T> codes, int view) => _decoders[view].Forward(codes);

    /// <summary>Rows behind the encoders, to be put together by which views count.</summary>
    internal sealed class Encoding
    {
        private readonly AutoencoderNetwork<T> _network;
        private readonly Var<T>[] _means;
        private readonly Var<T>[] _precisions;
        private readonly ViewRows<T> _data;
        private readonly int[] _rows;

        /// <summary>Takes means and variances of variational codes apart.</summary>
        public Encoding(AutoencoderNetwork<T> network, Var<T>[] outputs, ViewRows<T> data, int[] rows)
        {
            (_network, _data, _rows) = (network, data, rows);
            int components = network.Components;
            _means = network.IsVariational ? Array.ConvertAll(outputs, output => output.Columns(0, components)) : outputs;
            _precisions = network.IsVariational
                ? Array.ConvertAll(outputs, output => (-output.Columns(components, components).Clamp(-LargestLogVariance, LargestLogVariance)).Exp())
                : [];
        }

        /// <summary>The code of one view alone, as its encoder makes it.</summary>
        public Var<T> Of(int view) => _means[view];

        /// <summary>Which of the rows have a view.</summary>
        public bool[] Having(int view) => [.. _rows.Select(row => _data.IsPresent(row, view))];

        /// <summary>The codes of rows by the views that count in each.</summary>
        /// <param name="counts">By view, row for row; a view that a row lacks does not count in it.</param>
        /// <returns>Means, and of variational codes logarithms of variances; 0 where no view counts.</returns>
        public (Var<T> Mean, Var<T>? LogVariance) Join(bool[][] counts)
        {
            Tape<T> tape = _means[0].Tape;
            if (_network.IsVariational) return Product(tape, counts);
            Var<T>? sum = null;
            for (int view = 0; view < _means.Length; view++)
            {
                Var<T> part = _means[view] * Column(tape, row => counts[view][row] ? 1.0 / counts.Count(one => one[row]) : 0);
                sum = sum is { } before ? before + part : part;
            }

            return (sum!.Value, null);
        }

        /// <summary>The product of a standard normal distribution and of those of the views that count: precisions add up, and weigh the means.</summary>
        private (Var<T> Mean, Var<T>? LogVariance) Product(Tape<T> tape, bool[][] counts)
        {
            Var<T>? precision = null, weighted = null;
            for (int view = 0; view < _means.Length; view++)
            {
                Var<T> own = _precisions[view] * Column(tape, row => counts[view][row] ? 1 : 0);
                (precision, weighted) = (precision is { } before ? before + own : own + 1, weighted is { } sum ? sum + (own * _means[view]) : own * _means[view]);
            }

            return (weighted!.Value / precision!.Value, -precision.Value.Log());
        }

        private Var<T> Column(Tape<T> tape, Func<int, double> value) =>
            tape.Constant(Tensor.Create([.. Enumerable.Range(0, _rows.Length).Select(row => T.CreateChecked(value(row)))], [_rows.Length, 1]));
    }
}
