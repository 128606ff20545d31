using System.Numerics;

namespace FusionKernels.Cli;

/// <summary>One learned alignment that <c>align</c> fits: a small class that turns the verb's settings into the options of the library.</summary>
internal interface IAlignMethod
{
    /// <summary>What is typed behind <c>--method</c>.</summary>
    string Name { get; }

    /// <summary>What it does, for the help and the page.</summary>
    string Description { get; }

    /// <summary>Which rows choose the epoch, where some are kept from training.</summary>
    string Choosing => "the rows that were kept from training";

    /// <summary>Fits the method.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    IAlignedPair<T> Fit<T>(AlignTask<T> task)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}
