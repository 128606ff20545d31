using System.CommandLine;

namespace FusionKernels.Cli;

/// <summary>A verb that computes: it takes <c>--device</c>, <c>--threads</c> and <c>--precision</c>.</summary>
internal abstract class ComputingVerb : Verb
{
    private const string Float32 = "float32";
    private const string Float64 = "float64";

    /// <summary>Names the verb.</summary>
    protected ComputingVerb(string name, string description, params IReadOnlyList<string> examples)
        : base(name, description, examples)
    {
        Precision.AcceptOnlyFromAmong(Float32, Float64);
    }

    /// <inheritdoc/>
    public override void AddCommonOptions()
    {
        Add(Device);
        Add(Threads);
        Precision.Description = $"float32 or float64; {DefaultPrecision} by default.";
        Add(Precision);
        base.AddCommonOptions();
    }

    /// <summary>The device; null where the verb chooses.</summary>
    protected Option<string?> Device { get; } = new("--device")
    {
        Description = "auto, host, cuda[:i], opencl[:i] or ilgpu-cpu: exactly that device, or an error.",
        HelpName = "device",
    };

    /// <summary>Host threads.</summary>
    protected Option<int> Threads { get; } = new("--threads")
    {
        Description = "At most this many threads of the host; 0 for one per core. Results do not depend on it.",
        HelpName = "n",
        DefaultValueFactory = _ => 0,
        CustomParser = result => OptionNumber.Integer(result, "--threads", 0, int.MaxValue, "there are no negative threads; 0 takes one per core"),
    };

    /// <summary>The element type.</summary>
    protected Option<string?> Precision { get; } = new("--precision") { HelpName = "type" };

    /// <summary>Whether the verb computes in float64 where no precision was typed.</summary>
    protected virtual bool IsFloat64ByDefault => false;

    /// <summary>The same for the help.</summary>
    protected virtual string DefaultPrecision => PrecisionName(IsFloat64ByDefault);

    /// <summary>Opens the device that was asked for.</summary>
    /// <exception cref="UsageException">The name is none.</exception>
    /// <exception cref="DeviceNotFoundException">There is no such device.</exception>
    protected static ComputeDevice OpenDevice(string name)
    {
        try
        {
            return ComputeDevice.Open(name);
        }
        catch (ArgumentException exception)
        {
            // A name that is one of these is right; what is wrong stands in the environment.
            string[] kinds = ["auto", "host", "cuda", "opencl", "ilgpu-cpu"];
            throw new UsageException(Failure.WithoutParameter(exception).TrimEnd('.') + (kinds.Contains(name) ? "" : NearestName.Hint(name, kinds)));
        }
        catch (PlatformNotSupportedException exception)
        {
            throw new UsageException(exception.Message);
        }
    }

    /// <summary>Opens the device that was asked for, or the one by default, for a precision.</summary>
    /// <param name="arguments">What was typed.</param>
    /// <param name="float64">Whether it must compute in float64.</param>
    /// <param name="byDefault">The name where none was typed: <c>host</c> for work that no accelerator does faster.</param>
    /// <exception cref="DeviceException">The device lacks the precision.</exception>
    /// <inheritdoc cref="OpenDevice(string)" path="/exception"/>
    protected ComputeDevice OpenDevice(ParseResult arguments, bool float64, string byDefault = "auto")
    {
        ComputeDevice device = OpenDevice(arguments.GetValue(Device) ?? byDefault);
        if (!float64 || device.Description.SupportsFloat64) return device;
        string name = device.Description.Name;
        device.Dispose();
        throw new DeviceException($"{name} has no float64; use --precision float32 or another device");
    }

    /// <summary>Opens the named device, or every device of this machine, best first, where none was named.</summary>
    /// <remarks>The caller disposes them. Devices without the precision are left out, unless one was named. A device that does not open is an error where it was named, else an entry that says so.</remarks>
    protected List<OpenedDevice> OpenDevices(ParseResult arguments, bool float64)
    {
        if (arguments.GetValue(Device) is not null) return [OpenedDevice.Of(OpenDevice(arguments, float64))];
        List<OpenedDevice> opened = [];
        try
        {
            foreach (DeviceDescription description in DeviceSurvey.Usable())
            {
                if (!float64 || description.SupportsFloat64) opened.Add(OpenedDevice.Open(description, OpenDevice));
            }

            return opened;
        }
        catch
        {
            foreach (OpenedDevice device in opened) device.Dispose();
            throw;
        }
    }

    /// <summary>Whether it computes in float64: as asked for, else as by default.</summary>
    protected bool IsFloat64(ParseResult arguments) => arguments.GetValue(Precision) is { } name ? name == Float64 : IsFloat64ByDefault;

    /// <summary>The name of a precision.</summary>
    protected static string PrecisionName(bool float64) => float64 ? Float64 : Float32;
}
