using System.Runtime.CompilerServices;

namespace FusionKernels.Kernels.Warping;

/// <summary>A form put together from its parts.</summary>
/// <typeparam name="TRows">How many rows.</typeparam>
/// <typeparam name="TChannels">Of how many channels.</typeparam>
/// <typeparam name="TEdge">What lies outside the window.</typeparam>
internal readonly struct StripForm<TRows, TChannels, TEdge> : IStripForm
    where TRows : struct, StripForms.IRows
    where TChannels : struct, StripForms.IChannels
    where TEdge : struct, StripForms.IEdge
{
    /// <inheritdoc/>
    public static int Rows
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TRows.Count;
    }

    /// <inheritdoc/>
    public static bool IsUnivariate
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TChannels.IsOne;
    }

    /// <inheritdoc/>
    public static bool ChecksFirst
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TEdge.ChecksFirst;
    }

    /// <inheritdoc/>
    public static bool ChecksEnd
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TEdge.ChecksEnd;
    }
}

/// <summary>The parts of a strip's form.</summary>
internal static class StripForms
{
    /// <summary>Rows of a strip.</summary>
    internal interface IRows
    {
        /// <summary>Their number.</summary>
        static abstract int Count { get; }
    }

    /// <summary>Channels of a sample.</summary>
    internal interface IChannels
    {
        /// <summary>Whether it is one.</summary>
        static abstract bool IsOne { get; }
    }

    /// <summary>Where the strip's columns lie in the window.</summary>
    internal interface IEdge
    {
        /// <summary>Whether some may lie before a row's first column.</summary>
        static abstract bool ChecksFirst { get; }

        /// <summary>Whether some may lie behind a row's last column.</summary>
        static abstract bool ChecksEnd { get; }
    }

    /// <summary>Six rows.</summary>
    internal readonly struct SixRows : IRows
    {
        /// <inheritdoc/>
        public static int Count => 6;
    }

    /// <summary>Four rows, where registers are few.</summary>
    internal readonly struct FourRows : IRows
    {
        /// <inheritdoc/>
        public static int Count => 4;
    }

    /// <summary>One row: what is left over.</summary>
    internal readonly struct OneRow : IRows
    {
        /// <inheritdoc/>
        public static int Count => 1;
    }

    /// <summary>One channel.</summary>
    internal readonly struct OneChannel : IChannels
    {
        /// <inheritdoc/>
        public static bool IsOne => true;
    }

    /// <summary>Any number of channels.</summary>
    internal readonly struct ManyChannels : IChannels
    {
        /// <inheritdoc/>
        public static bool IsOne => false;
    }

    /// <summary>Every cell counts.</summary>
    internal readonly struct Inside : IEdge
    {
        /// <inheritdoc/>
        public static bool ChecksFirst => false;

        /// <inheritdoc/>
        public static bool ChecksEnd => false;
    }

    /// <summary>Where the window begins.</summary>
    internal readonly struct AtFirst : IEdge
    {
        /// <inheritdoc/>
        public static bool ChecksFirst => true;

        /// <inheritdoc/>
        public static bool ChecksEnd => false;
    }

    /// <summary>Where the window ends.</summary>
    internal readonly struct AtEnd : IEdge
    {
        /// <inheritdoc/>
        public static bool ChecksFirst => false;

        /// <inheritdoc/>
        public static bool ChecksEnd => true;
    }

    /// <summary>Where it begins for some rows or lanes while it ends for others.</summary>
    internal readonly struct AtBoth : IEdge
    {
        /// <inheritdoc/>
        public static bool ChecksFirst => true;

        /// <inheritdoc/>
        public static bool ChecksEnd => true;
    }
}
