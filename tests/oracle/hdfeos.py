# SPDX-License-Identifier: MIT
"""hdfeos.py make DIR | check DIR MNT - names of axes in HDF-EOS5.

Files as the HDF-EOS5 library lays them out; no reader of these is in Debian,
so what their axes are called stands here, too."""
import csv
import sys

import h5py
import numpy as np

SWATH = '''GROUP=SwathStructure
	GROUP=SWATH_1
		SwathName="Column"
		GROUP=Dimension
			OBJECT=Dimension_1
				DimensionName="nTimes"
				Size=4
			END_OBJECT=Dimension_1
		END_GROUP=Dimension
		GROUP=GeoField
			OBJECT=GeoField_1
				GeoFieldName="Latitude"
				DataType=H5T_NATIVE_FLOAT
				DimList=("nTimes","nXtrack")
				MaxdimList=("nTimes","nXtrack")
			END_OBJECT=GeoField_1
		END_GROUP=GeoField
		GROUP=DataField
			OBJECT=DataField_1
				DataFieldName="NO2"
				DimList=("nTimes",
					"nXtrack", "nLevels")
			END_OBJECT=DataField_1
			OBJECT=DataField_2
				DataFieldName="Odd"
				DimList=("nTimes")
			END_OBJECT=DataField_2
			OBJECT=DataField_3
				DataFieldName="None"
			END_OBJECT=DataField_3
			OBJECT=DataField_4
				DataFieldName="Time"
				DimList=("nTimes")
			END_OBJECT=DataField_4
		END_GROUP=DataField
	END_GROUP=SWATH_1
END_GROUP=SwathStructure
'''
GRID = '''GROUP=GridStructure
	GROUP=GRID_1
		GridName="Column"
		GROUP=DataField
		END_GROUP=DataField
	END_GROUP=GRID_1
	GROUP=GRID_2
		GridName="Monthly"
		GROUP=DataField
			OBJECT=DataField_1
				DataFieldName="NO2"
				DimList=("YDim","XDim")
			END_OBJECT=DataField_1
		END_GROUP=DataField
	END_GROUP=GRID_2
END_GROUP=GridStructure
END
'''
FIELDS = {
    'SWATHS/Column/Geolocation Fields/Latitude': ((4, 3), 'nTimes,nXtrack'),
    'SWATHS/Column/Data Fields/NO2': ((4, 3, 2), 'nTimes,nXtrack,nLevels'),
    'SWATHS/Column/Data Fields/Odd': ((4, 3), None),
    'SWATHS/Column/Data Fields/None': ((4, 3), None),
    'SWATHS/Column/Data Fields/Time': ((4,), 'nTimes'),
    'SWATHS/Other/Data Fields/NO2': ((4, 3), None),
    'GRIDS/Monthly/Data Fields/NO2': ((2, 3), 'YDim,XDim'),
}


def make(d):
    with h5py.File(f'{d}/a.he5', 'w') as f:
        for i, text in enumerate((SWATH, GRID)):
            f.create_dataset(f'HDFEOS INFORMATION/StructMetadata.{i}',
                             data=np.bytes_(text), dtype='S32000')
        for path, (shape, _) in FIELDS.items():
            f[f'HDFEOS/{path}'] = np.arange(np.prod(shape)).reshape(shape)
        f['elsewhere/NO2'] = np.zeros((2, 3))


def check(d, mnt):
    n = 0
    for path, (shape, names) in FIELDS.items():
        with open(f'{mnt}/a.he5/HDFEOS/{path}.csv', newline='') as f:
            rows = list(csv.reader(f))
        if names is None:
            assert rows[0] == [f'c{i}' for i in range(shape[-1])], path
            continue
        assert rows[0] == names.split(',') + ['value'], (path, rows[0])
        want = [[*map(str, i), str(v)] for v, i in enumerate(np.ndindex(shape))]
        assert rows[1:] == want, path
        n += 1
    assert open(f'{mnt}/a.he5/elsewhere/NO2.csv').readline() == 'c0,c1,c2\n'
    with open(f'{mnt}/a.he5/HDFEOS/GRIDS/Monthly/Data Fields/'
              'NO2[YDim=1, XDim=2].csv') as f:
        assert f.read() == 'NO2\n5\n'
    print(f'{n} fields have the names of their dimensions')


if __name__ == '__main__':
    globals()[sys.argv[1]](*sys.argv[2:])
