using System.Runtime.CompilerServices;
using FusionKernels.Kernels.Engines;

namespace FusionKernels;

/// <summary>Arrays of the host beside its kernels, whose want of memory is told like a device's.</summary>
internal static class HostArray
{
    /// <summary>rows x columns elements, all 0.</summary>
    /// <exception cref="DeviceOutOfMemoryException">They are more than an array holds, or the host has no room.</exception>
    public static T[] Create<T>(string operation, long rows, long columns)
        where T : unmanaged
    {
        long elements = checked(rows * columns);
        Require<T>(operation, elements);
        return Within(operation, elements * Unsafe.SizeOf<T>(), () => new T[elements]);
    }

    /// <summary>Requires elements that an array holds.</summary>
    /// <exception cref="DeviceOutOfMemoryException">They are more.</exception>
    public static void Require<T>(string operation, long elements)
        where T : unmanaged
    {
        long size = Unsafe.SizeOf<T>();
        if (elements > Array.MaxLength) throw new DeviceOutOfMemoryException(operation, "host", checked(elements * size), Array.MaxLength * size, "an array of .NET");
    }

    /// <summary>Runs what allocates much in many places, and names the operation where memory does not suffice.</summary>
    /// <exception cref="DeviceOutOfMemoryException">The host has no room.</exception>
    public static TResult Within<TResult>(string operation, Func<TResult> work) => Within(operation, -1, work);

    /// <summary>Runs what allocates, and names the operation where memory does not suffice.</summary>
    /// <param name="operation">The operation's public name.</param>
    /// <param name="bytes">What is asked for; -1 where that is not known.</param>
    /// <param name="work">What allocates.</param>
    /// <exception cref="DeviceOutOfMemoryException">The host has no room.</exception>
    public static TResult Within<TResult>(string operation, long bytes, Func<TResult> work)
    {
        try
        {
            return work();
        }
        catch (OutOfMemoryException refusal)
        {
            throw HostEngine.OutOfMemory(operation, bytes, refusal);
        }
    }
}
