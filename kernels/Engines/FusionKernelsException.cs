namespace FusionKernels;

/// <summary>Base of every error that this library raises for a reason other than a bad argument.</summary>
/// <remarks>Argument errors use the <see cref="ArgumentException"/> family and are raised before any device work.</remarks>
public class FusionKernelsException : Exception
{
    /// <summary>Creates the error.</summary>
    /// <param name="message">What happened, where, and what to do about it, in one line.</param>
    /// <param name="operation">The operation that failed, e.g. <c>Gram.Compute</c>; empty when none was under way.</param>
    /// <param name="device">The name of the device it ran on, e.g. <c>cuda:0</c>; empty when none was open.</param>
    /// <param name="innerException">The cause, or null.</param>
    public FusionKernelsException(string message, string operation = "", string device = "", Exception? innerException = null)
        : base(message, innerException)
    {
        Operation = operation;
        Device = device;
    }

    /// <summary>The operation that failed, e.g. <c>Gram.Compute</c>; empty when none was under way.</summary>
    public string Operation { get; }

    /// <summary>The name of the device, e.g. <c>cuda:0</c>; empty when none was open.</summary>
    public string Device { get; }
}
