using System.CommandLine;
using System.Numerics;

namespace FusionKernels.Cli;

/// <summary>The options <c>--kernel</c> and those of its parameters, of verbs that compute with one kernel.</summary>
internal sealed class KernelOptions
{
    private readonly Dictionary<KernelParameter, Option<double?>> _parameters = [];

    private readonly Option<string> _kernel = new("--kernel")
    {
        Description = $"One of {string.Join(", ", KernelChoice.Names)}.",
        HelpName = "name",
        Required = true,
    };

    /// <summary>Declares the options.</summary>
    public void AddTo(Command command)
    {
        command.Add(_kernel);
        foreach (KernelParameter parameter in Enum.GetValues<KernelParameter>())
        {
            string name = KernelParameters.OptionName(parameter);
            Option<double?> option = new(name)
            {
                Description = $"For {string.Join(", ", KernelChoice.All.Where(one => one.Parameters.Contains(parameter)).Select(one => one.Name))}.",
                HelpName = "number",
                CustomParser = result => OptionNumber.Finite(result, name),
            };
            _parameters.Add(parameter, option);
            command.Add(option);
        }
    }

    /// <summary>The name that was typed.</summary>
    public string Name(ParseResult arguments) => arguments.GetRequiredValue(_kernel);

    /// <summary>The parameters that were typed.</summary>
    public KernelParameters Parameters(ParseResult arguments) => new(_parameters.Select(pair => (pair.Key, arguments.GetValue(pair.Value))));

    /// <summary>The kernel; null for matrices that are given.</summary>
    /// <exception cref="UsageException">There is no such kernel, or it does not take a parameter that was typed.</exception>
    public Kernel? Make<T>(ParseResult arguments)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        string name = Name(arguments);
        KernelParameters parameters = Parameters(arguments);
        if (!KernelChoice.IsPrecomputed(name)) return KernelChoice.Make<T>(name, parameters);
        KernelChoice.RequireNone(parameters);
        return null;
    }
}
