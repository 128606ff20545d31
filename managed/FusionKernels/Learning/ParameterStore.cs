using System.Numerics;
using FusionKernels.Kernels.Elementwise;
using FusionKernels.Kernels.Engines;

namespace FusionKernels;

/// <summary>
/// The memory of a set of parameters: values in one buffer, gradients in another of the same order, so that an optimizer passes once
/// over everything. Matrices come first, for weights alone decay; then what has one dimension or none.
/// </summary>
internal sealed class ParameterStore<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>A cache line, at which every parameter begins.</summary>
    private const int LineBytes = 64;

    private ComputeDevice? _device;

    /// <summary>The parameters, in the order in which they were declared.</summary>
    public List<Parameter<T>> All { get; } = [];

    /// <summary>Their names.</summary>
    public Dictionary<string, Parameter<T>> ByName { get; } = [];

    /// <summary>The file that parameters take their first values from; null to draw them.</summary>
    public SafetensorsFile? Source { get; set; }

    /// <summary>The values.</summary>
    public DeviceBuffer<T> Values { get; private set; } = null!;

    /// <summary>The gradients.</summary>
    public DeviceBuffer<T> Gradients { get; private set; } = null!;

    /// <summary>Elements in all, those between parameters included.</summary>
    public int Length { get; private set; }

    /// <summary>Elements of the matrices.</summary>
    public int DecayingLength { get; private set; }

    /// <summary>The tape that used it last.</summary>
    public Tape<T>? Tape { get; private set; }

    /// <summary>The step in which it did.</summary>
    public int Generation { get; private set; }

    /// <summary>Where it lives; null before the first use.</summary>
    public ComputeDevice? Device => _device;

    /// <summary>Gives the set its device, once.</summary>
    /// <exception cref="DeviceMismatchException">It has another.</exception>
    public void Place(ComputeDevice device)
    {
        if (ReferenceEquals(_device, device)) return;
        if (_device is not null) throw new DeviceMismatchException("Tape", device.Description.Name, _device.Description.Name);
        int next = 0;
        foreach (bool decays in (ReadOnlySpan<bool>)[true, false])
        {
            foreach (Parameter<T> parameter in All.Where(one => one.Shape.Length > 1 == decays))
            {
                parameter.Offset = next;
                next = checked(next + RoundUp(parameter.Count));
            }

            if (decays) DecayingLength = next;
        }

        Length = next;
        T[] values = new T[Length];
        DeviceBuffer<T>? there = null, gradients = null;
        try
        {
            there = device.Engine.Allocate<T>(Length, "Tape.Of");
            gradients = device.Engine.Allocate<T>(Length, "Tape.Of");
            device.Engine.Upload<T>(values, gradients, 0);
            foreach (Parameter<T> parameter in All) parameter.Initial!.CopyTo(values.AsSpan((int)parameter.Offset));
            device.Engine.Upload<T>(values, there, 0);
        }
        catch
        {
            there?.Dispose();
            gradients?.Dispose();
            throw;
        }

        (Values, Gradients) = (there, gradients);
        foreach (Parameter<T> parameter in All) parameter.Initial = null;
        _device = device;
    }

    /// <summary>Begins a step on a tape.</summary>
    public void Begin(Tape<T> tape, int generation)
    {
        (Tape, Generation) = (tape, generation);
        foreach (Parameter<T> parameter in All) parameter.Node = null;
    }

    /// <summary>What is brought to gradients next takes the place of what stands there.</summary>
    public void ForgetGradients()
    {
        foreach (Parameter<T> parameter in All)
        {
            if (parameter.Node is { } node) node.HasGradient = false;
        }
    }

    /// <summary>Parameters on which the loss did not depend have a gradient of zero.</summary>
    public void ClearUnreached(Tape<T> tape)
    {
        foreach (Parameter<T> parameter in All)
        {
            if (parameter.Node is { HasGradient: true } || parameter.Count == 0) continue;
            Operand<T> gradient = Range(Gradients, (int)parameter.Offset, parameter.Count);
            tape.Map(new ClampFunction<T>(T.Zero, T.Zero), gradient, gradient, default, default, adds: false, "Tape.Backward");
        }
    }

    /// <summary>Some elements as a row.</summary>
    public static Operand<T> Range(DeviceBuffer<T> buffer, int first, int count) => new MatrixRef<T>(buffer, first, 1, count, count).InBuffer;

    /// <summary>Copies one parameter's part of a buffer to the host.</summary>
    public T[] Download(DeviceBuffer<T> buffer, Parameter<T> parameter)
    {
        T[] values = new T[parameter.Count];
        _device!.Engine.Download(buffer, parameter.Offset, values);
        return values;
    }

    /// <summary>Copies one parameter's part of a buffer from the host.</summary>
    public void Upload(DeviceBuffer<T> buffer, Parameter<T> parameter, ReadOnlySpan<T> values) => _device!.Engine.Upload(values, buffer, parameter.Offset);

    /// <summary>All values.</summary>
    public T[] Snapshot()
    {
        T[] values = new T[Length];
        _device!.Engine.Download(Values, 0, values);
        return values;
    }

    /// <summary>Takes the values of a snapshot.</summary>
    public void Restore(T[] snapshot) => _device!.Engine.Upload<T>(snapshot, Values, 0);

    private static int RoundUp(int count)
    {
        int line = LineBytes / System.Runtime.CompilerServices.Unsafe.SizeOf<T>();
        return checked(count + line - 1) / line * line;
    }
}
