using ILGPU;

namespace FusionKernels.Kernels.Warping.Devices;

/// <summary>The memory that the warping kernels take, and the shape of a launch.</summary>
internal struct WarpingArguments<T>
    where T : unmanaged
{
    /// <summary>The series of x.</summary>
    public ArrayView<T> X;

    /// <summary>The series of y.</summary>
    public ArrayView<T> Y;

    /// <summary>Values per step and border values; of a step pattern its weights.</summary>
    public ArrayView<T> StepValues;

    /// <summary>Values per lag.</summary>
    public ArrayView<T> Lags;

    /// <summary>The steps of a step pattern.</summary>
    public ArrayView<int> Pattern;

    /// <summary>The series of x, then those of y.</summary>
    public ArrayView<DeviceSeries<T>> Series;

    /// <summary>The windows.</summary>
    public ArrayView<DeviceWindow> Windows;

    /// <summary>Windows that are no bands.</summary>
    public ArrayView<int> Bits;

    /// <summary>Working memory.</summary>
    public ArrayView<T> Work;

    /// <summary>Receives the steps that lead to the cells, of a step pattern whose paths are wanted.</summary>
    public ArrayView<int> Choices;

    /// <summary>The result.</summary>
    public ArrayView<T> Result;

    /// <summary>Sizes, places, choices.</summary>
    public WarpingShape Shape;
}
