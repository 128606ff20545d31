namespace FusionKernels.Cli;

/// <summary>The parameters that were typed; what was not is null and takes the kernel's default.</summary>
internal sealed class KernelParameters
{
    private readonly Dictionary<KernelParameter, double> _values;

    /// <summary>Keeps what was typed.</summary>
    /// <param name="typed">Parameters with their values; null for those that were not typed.</param>
    public KernelParameters(params IEnumerable<(KernelParameter Parameter, double? Value)> typed) =>
        _values = typed.Where(one => one.Value is not null).ToDictionary(one => one.Parameter, one => one.Value!.Value);

    /// <summary>The value of a parameter; null where it was not typed.</summary>
    public double? this[KernelParameter parameter] => _values.TryGetValue(parameter, out double value) ? value : null;

    /// <summary>What was typed.</summary>
    public IEnumerable<KernelParameter> Given => _values.Keys;

    /// <summary>How a parameter is typed.</summary>
    public static string OptionName(KernelParameter parameter) => parameter switch
    {
        KernelParameter.Gamma => "--gamma",
        KernelParameter.Degree => "--degree",
        KernelParameter.Coef0 => "--coef0",
        KernelParameter.LengthScale => "--length-scale",
        KernelParameter.Nu => "--nu",
        KernelParameter.Alpha => "--alpha",
        _ => "--period",
    };
}
