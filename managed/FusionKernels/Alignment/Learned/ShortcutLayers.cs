using System.Numerics;

namespace FusionKernels;

/// <summary>Linear layers one after the other and, where asked for, a linear map beside them whose value is added: what is linear then need not pass the layers (He et al. 2016).</summary>
internal sealed class ShortcutLayers<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly DenseLayers<T> _layers;
    private readonly Dense<T>? _shortcut;

    /// <summary>Declares the parameters; without layers between there is nothing to pass by.</summary>
    public ShortcutLayers(ParameterSet<T> parameters, IReadOnlyList<int> widths, Activation activation, double dropout, bool hasShortcut)
    {
        _layers = new(parameters, widths, activation, dropout);
        if (hasShortcut && widths.Count > 2) _shortcut = new(parameters.In("shortcut"), widths[0], widths[^1], hasBias: false);
    }

    /// <summary>Features that come in.</summary>
    public int Inputs => _layers.Layers[0].Weight.Lengths[1];

    /// <summary>The value.</summary>
    public Var<T> Forward(Var<T> x) => _shortcut is null ? _layers.Forward(x) : _layers.Forward(x) + _shortcut.Forward(x);
}
