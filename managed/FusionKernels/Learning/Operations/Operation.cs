using System.Numerics;

namespace FusionKernels;

/// <summary>The way back through one operation.</summary>
internal abstract class Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Its name, for errors.</summary>
    public abstract string Name { get; }

    /// <summary>Brings the node's gradient to its operands that need one.</summary>
    public abstract void Backward(Tape<T> tape, Node<T> node);
}
