using System.Numerics;
using System.Numerics.Tensors;

namespace FusionKernels;

/// <summary>The trained tensors of a model under their names: layers declare them here, an optimizer moves them, a file keeps them.</summary>
/// <remarks>
/// Initial values are drawn on the host in float64 by a counter-based generator, whose key is the seed and whose counter holds the
/// number of the parameter: the same on every engine. The set comes to a device when a tape first uses one of its parameters, and
/// takes no further parameters from then on. Memory: values and gradients. Not thread-safe.
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class ParameterSet<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly string _prefix;

    /// <summary>An empty set.</summary>
    /// <param name="seed">The seed of initial values.</param>
    /// <exception cref="NotSupportedException"><typeparamref name="T"/> is neither float nor double.</exception>
    public ParameterSet(ulong seed = 0)
        : this(new(), seed, "") => DeviceTensor<T>.RequireSupportedElement();

    private ParameterSet(ParameterStore<T> store, ulong seed, string prefix) => (Store, Seed, _prefix) = (store, seed, prefix);

    /// <summary>The seed of initial values.</summary>
    public ulong Seed { get; }

    /// <summary>All parameters of the set, in the order in which they were declared.</summary>
    public IReadOnlyList<Parameter<T>> All => Store.All;

    /// <summary>Numbers that are trained.</summary>
    public long Count => Store.All.Sum(parameter => (long)parameter.Count);

    /// <summary>The parameters' memory.</summary>
    internal ParameterStore<T> Store { get; }

    /// <summary>A parameter by its full name.</summary>
    /// <exception cref="KeyNotFoundException">There is none of that name.</exception>
    public Parameter<T> this[string name] => Store.ByName.TryGetValue(name, out Parameter<T>? found)
        ? found
        : throw new KeyNotFoundException($"there is no parameter '{name}'; there are {string.Join(", ", Store.ByName.Keys.Take(12))}");

    /// <summary>The same set, with a word before the names of what is declared through it: <c>encoder</c> makes <c>weight</c> <c>encoder.weight</c>.</summary>
    /// <exception cref="ArgumentException"><paramref name="name"/> is empty.</exception>
    public ParameterSet<T> In(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return new(Store, Seed, $"{_prefix}{name}.");
    }

    /// <summary>Declares a parameter.</summary>
    /// <param name="name">Its name, unlike all others.</param>
    /// <param name="initializer">Its initial values.</param>
    /// <param name="lengths">Its shape, of 0 to 4 dimensions.</param>
    /// <exception cref="ArgumentException">The name is taken, or there are too many dimensions.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A length is less than 1.</exception>
    /// <exception cref="InvalidOperationException">The set is in use.</exception>
    public Parameter<T> Add(string name, Initializer initializer, params ReadOnlySpan<int> lengths)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(initializer);
        if (lengths.Length > 4) throw new ArgumentException($"parameter '{name}' has {lengths.Length} dimensions; up to four are supported", nameof(lengths));
        foreach (int length in lengths) ArgumentOutOfRangeException.ThrowIfLessThan(length, 1, nameof(lengths));
        if (Store.Device is not null) throw new InvalidOperationException($"parameter '{name}' comes too late: declare all layers before the first of them is used");
        string full = _prefix + name;
        if (Store.ByName.ContainsKey(full)) throw new ArgumentException($"there is a parameter '{full}' already; use {nameof(In)} to tell layers apart", nameof(name));
        Parameter<T> parameter = new(Store, full, lengths.ToArray(), Store.Source is { } file ? file.ReadFinite<T>(full, lengths) : initializer.Draw<T>(lengths, Seed, (uint)Store.All.Count));
        Store.All.Add(parameter);
        Store.ByName.Add(full, parameter);
        return parameter;
    }

    /// <summary>Writes all parameters in the safetensors format; the file appears when it is complete.</summary>
    /// <param name="path">The file.</param>
    /// <param name="notes">Words kept beside them; null for none.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path, IReadOnlyDictionary<string, string>? notes = null) =>
        Safetensors.Write(path, Store.All.ToDictionary(parameter => parameter.Name, parameter => parameter.Read()), notes);

    /// <summary>Takes the values of a safetensors file that holds every parameter of the set in its shape; whatever else it holds is left alone.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DataFormatException">The file is malformed, or a parameter is absent, of another shape or element, or not finite; no value was taken.</exception>
    public void Load(string path)
    {
        using SafetensorsFile file = SafetensorsFile.Open(path);
        Load(file, "");
    }

    /// <summary>Takes values whose names in a file have a word before them.</summary>
    internal void Load(SafetensorsFile file, string prefix)
    {
        List<T[]> values = [.. Store.All.Select(parameter => file.ReadFinite<T>(prefix + parameter.Name, parameter.Shape))];
        for (int i = 0; i < values.Count; i++) Store.All[i].Write(values[i]);
    }
}
