using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace FusionKernels.Tests.Docs.Api;

/// <summary>Types and members as C# declares them.</summary>
internal static class Signatures
{
    private static readonly Dictionary<Type, string> s_keywords = new()
    {
        [typeof(void)] = "void",
        [typeof(bool)] = "bool",
        [typeof(byte)] = "byte",
        [typeof(sbyte)] = "sbyte",
        [typeof(char)] = "char",
        [typeof(short)] = "short",
        [typeof(ushort)] = "ushort",
        [typeof(int)] = "int",
        [typeof(uint)] = "uint",
        [typeof(long)] = "long",
        [typeof(ulong)] = "ulong",
        [typeof(nint)] = "nint",
        [typeof(nuint)] = "nuint",
        [typeof(float)] = "float",
        [typeof(double)] = "double",
        [typeof(decimal)] = "decimal",
        [typeof(string)] = "string",
        [typeof(object)] = "object",
    };

    private static readonly Dictionary<string, string> s_operators = new()
    {
        ["op_Addition"] = "+",
        ["op_Subtraction"] = "-",
        ["op_Multiply"] = "*",
        ["op_Division"] = "/",
        ["op_UnaryNegation"] = "-",
        ["op_Equality"] = "==",
        ["op_Inequality"] = "!=",
        ["op_LessThan"] = "<",
        ["op_GreaterThan"] = ">",
    };

    /// <summary>A type's name with its parameters, e.g. <c>DeviceTensor&lt;T&gt;</c>.</summary>
    public static string Name(Type type) =>
        (type.IsNested ? $"{Name(type.DeclaringType!)}." : "") + type.Name.Split('`')[0] + (OwnArguments(type) is { Length: > 0 } own ? $"<{string.Join(", ", own.Select(one => one.Name))}>" : "");

    /// <summary>A type's declaration.</summary>
    public static string Of(Type type)
    {
        if (type.IsSubclassOf(typeof(Delegate)))
        {
            MethodInfo invoke = type.GetMethod("Invoke")!;
            return $"public delegate {Used(invoke.ReturnType, new NullabilityInfoContext().Create(invoke.ReturnParameter), Names(invoke.ReturnParameter))} {Name(type)}({Parameters(invoke)}){Constraints(OwnArguments(type))}";
        }

        string kind = type.IsEnum ? "enum" : type.IsInterface ? "interface" : type.IsValueType ? (IsRecord(type) ? "record struct" : "struct") : IsRecord(type) ? "record" : "class";
        string modifiers = type is { IsAbstract: true, IsSealed: true } ? "static " : type is { IsInterface: false, IsAbstract: true } ? "abstract " : type is { IsSealed: true, IsValueType: false } ? "sealed "
            : type.IsValueType && !type.IsEnum && type.IsDefined(typeof(IsReadOnlyAttribute), false) ? "readonly " : "";
        string based = type is { IsValueType: false, BaseType: { } parent } && parent != typeof(object) ? $" : {Used(parent, null, [])}" : "";
        return $"public {modifiers}{kind} {Name(type)}{based}{Constraints(OwnArguments(type))}";
    }

    /// <summary>Whether the compiler made it a record.</summary>
    public static bool IsRecord(Type type) => type.GetMethod("PrintMembers", BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.DeclaredOnly) is not null;

    /// <summary>A member's declaration.</summary>
    public static string Of(MemberInfo member) => member switch
    {
        ConstructorInfo constructor => $"public {constructor.DeclaringType!.Name.Split('`')[0]}({Parameters(constructor)})",
        MethodInfo method => $"{Access(method)}{Modifiers(method)}{Result(method)}({Parameters(method)}){Constraints(method.IsGenericMethod ? method.GetGenericArguments() : [])}",
        PropertyInfo property => Property(property),
        FieldInfo field => $"public {(field.IsLiteral ? "const " : field.IsStatic ? "static " : "")}{(field.IsInitOnly ? "readonly " : "")}{Used(field.FieldType, new NullabilityInfoContext().Create(field), Names(field))} {field.Name}",
        _ => member.Name,
    };

    /// <summary>A type where it is used.</summary>
    public static string Used(Type type, NullabilityInfo? nullability, Queue<string?> tupleNames)
    {
        string mark = nullability is { ReadState: NullabilityState.Nullable } && !type.IsValueType ? "?" : "";
        if (s_keywords.TryGetValue(type, out string? keyword)) return keyword + mark;
        if (type.IsByRef) return Used(type.GetElementType()!, nullability, tupleNames);
        if (type.IsArray) return $"{Used(type.GetElementType()!, nullability?.ElementType, tupleNames)}[{new string(',', type.GetArrayRank() - 1)}]{mark}";
        if (type.IsGenericParameter) return type.Name + mark;
        if (Nullable.GetUnderlyingType(type) is { } underlying) return $"{Used(underlying, null, tupleNames)}?";
        Type[] arguments = type.GetGenericArguments();
        if (type.FullName?.StartsWith("System.ValueTuple`", StringComparison.Ordinal) == true)
        {
            string?[] names = [.. arguments.Select(_ => tupleNames.TryDequeue(out string? name) ? name : null)];
            return $"({string.Join(", ", arguments.Select((argument, i) => Used(argument, Part(nullability, i), tupleNames) + (names[i] is null ? "" : $" {names[i]}")))})";
        }

        string own = type.Name.Split('`')[0];
        if (type.IsNested) own = $"{type.DeclaringType!.Name.Split('`')[0]}.{own}";
        return own + (arguments.Length == 0 ? "" : $"<{string.Join(", ", arguments.Select((argument, i) => Used(argument, Part(nullability, i), tupleNames)))}>") + mark;
    }

    private static NullabilityInfo? Part(NullabilityInfo? whole, int index) => whole is not null && index < whole.GenericTypeArguments.Length ? whole.GenericTypeArguments[index] : null;

    private static Type[] OwnArguments(Type type) => [.. type.GetGenericArguments().Skip(type.DeclaringType?.GetGenericArguments().Length ?? 0)];

    private static string Access(MethodBase method) => method.IsFamily || method.IsFamilyOrAssembly ? "protected " : "public ";

    private static string Modifiers(MethodInfo method) => method.DeclaringType!.IsInterface ? ""
        : method.IsStatic ? "static "
        : method.GetBaseDefinition() != method ? "override "
        : method.IsAbstract ? "abstract "
        : method is { IsVirtual: true, IsFinal: false } ? "virtual " : "";

    private static string Result(MethodInfo method)
    {
        string result = Used(method.ReturnType, new NullabilityInfoContext().Create(method.ReturnParameter), Names(method.ReturnParameter));
        if (method.Name is "op_Implicit" or "op_Explicit") return $"{(method.Name == "op_Implicit" ? "implicit" : "explicit")} operator {result}";
        if (s_operators.TryGetValue(method.Name, out string? sign)) return $"{result} operator {sign}";
        return $"{(method.ReturnType.IsByRef ? "ref " : "")}{result} {method.Name}{(method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(one => one.Name))}>" : "")}";
    }

    private static string Property(PropertyInfo property)
    {
        MethodInfo accessor = property.GetMethod ?? property.SetMethod!;
        string set = property.SetMethod is not { IsPublic: true } setter ? ""
            : setter.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ? " init;" : " set;";
        string name = property.GetIndexParameters() is { Length: > 0 } index ? $"this[{string.Join(", ", index.Select(Parameter))}]" : property.Name;
        string required = property.IsDefined(typeof(RequiredMemberAttribute)) ? "required " : "";
        return $"{Access(accessor)}{Modifiers(accessor)}{required}{Used(property.PropertyType, new NullabilityInfoContext().Create(property), Names(property))} {name} {{{(property.GetMethod is null ? "" : " get;")}{set} }}";
    }

    private static string Parameters(MethodBase method) =>
        (method.IsDefined(typeof(ExtensionAttribute)) ? "this " : "") + string.Join(", ", method.GetParameters().Select(Parameter));

    private static string Parameter(ParameterInfo parameter)
    {
        string passing = !parameter.ParameterType.IsByRef ? "" : parameter.IsOut ? "out " : parameter.IsIn ? "in " : "ref ";
        if (parameter.IsDefined(typeof(ParamArrayAttribute)) || parameter.IsDefined(typeof(ParamCollectionAttribute))) passing = "params ";
        return $"{passing}{Used(parameter.ParameterType, new NullabilityInfoContext().Create(parameter), Names(parameter))} {parameter.Name}{(parameter.HasDefaultValue ? $" = {Default(parameter)}" : "")}";
    }

    private static string Default(ParameterInfo parameter)
    {
        Type type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
        return parameter.RawDefaultValue switch
        {
            null or DBNull or Missing => parameter.ParameterType.IsValueType && Nullable.GetUnderlyingType(parameter.ParameterType) is null ? "default" : "null",
            bool flag => flag ? "true" : "false",
            string text => $"\"{text}\"",
            { } value when type.IsEnum => $"{type.Name}.{Enum.ToObject(type, value)}",
            IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
            { } other => other.ToString()!,
        };
    }

    private static string Constraints(Type[] parameters)
    {
        string all = "";
        foreach (Type parameter in parameters)
        {
            List<string> constraints = [];
            GenericParameterAttributes flags = parameter.GenericParameterAttributes;
            if (parameter.GetCustomAttributes().Any(attribute => attribute.GetType().Name == "IsUnmanagedAttribute")) constraints.Add("unmanaged");
            else if (flags.HasFlag(GenericParameterAttributes.NotNullableValueTypeConstraint)) constraints.Add("struct");
            else if (flags.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint)) constraints.Add("class");
            constraints.AddRange(parameter.GetGenericParameterConstraints().Where(one => one != typeof(ValueType)).Select(one => Used(one, null, [])));
            if (constraints.Count > 0) all += $"\n    where {parameter.Name} : {string.Join(", ", constraints)}";
        }

        return all;
    }

    /// <summary>The names of tuples' elements, outer tuples first.</summary>
    private static Queue<string?> Names(ICustomAttributeProvider declared) =>
        new(declared.GetCustomAttributes(typeof(TupleElementNamesAttribute), false).OfType<TupleElementNamesAttribute>().SelectMany(attribute => attribute.TransformNames));
}
